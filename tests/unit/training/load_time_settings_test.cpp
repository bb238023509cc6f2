#include "support/temporary_folder.hpp"

#include <map>

#include <gmock/gmock.h>

#include <smflow/training/load_time_settings.hpp>

namespace smflow::training {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* avx512 = "flags : fma avx2 avx512f avx512cd avx512bw avx512dq avx512vl\n";

EnvironmentLookup variables(std::map<std::string, std::string> all) {
  return [all](const char* name) {
    const auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  };
}

// A setting of the user's own, so that only the kernels are looked at.
const EnvironmentLookup only_kernels = variables({{"GOMP_SPINCOUNT", "1"}});

EnvironmentSettings kernels_for(const std::string& used, const std::string& flags) {
  const test::TemporaryFolder root;
  root.write("proc/cpuinfo", flags);
  return load_time_settings(used, only_kernels, root.path());
}

TEST(LoadTimeSettings, ReplaceTheKernelsOfAnUnknownProcessor) {
  EXPECT_THAT(kernels_for("Prescott", avx512), ElementsAre(Pair("OPENBLAS_CORETYPE", "SkylakeX")));
  EXPECT_THAT(kernels_for("Prescott", "flags : avx2 fma avx512f\n"), ElementsAre(Pair("OPENBLAS_CORETYPE", "Haswell")));
}

TEST(LoadTimeSettings, LeaveOtherKernelsAlone) {
  EXPECT_THAT(kernels_for("Prescott", "flags : sse3\n"), IsEmpty());
  EXPECT_THAT(kernels_for("Zen", avx512), IsEmpty());
  EXPECT_THAT(kernels_for("", avx512), IsEmpty());
}

TEST(LoadTimeSettings, WaitShortlyForOtherThreads) {
  EXPECT_THAT(load_time_settings("Zen", variables({})), ElementsAre(Pair("GOMP_SPINCOUNT", "10000")));
}

TEST(LoadTimeSettings, LeaveTheUsersOwnAlone) {
  const test::TemporaryFolder root;
  root.write("proc/cpuinfo", avx512);
  const auto own = variables({{"OPENBLAS_CORETYPE", "Haswell"}, {"OMP_WAIT_POLICY", "active"}});
  EXPECT_THAT(load_time_settings("Prescott", own, root.path()), IsEmpty());
}

TEST(LoadTimeSettings, AreCompleteAfterOneRestart) {
  const EnvironmentSettings settings = load_time_settings("Prescott", variables({}));
  const auto after = variables({settings.begin(), settings.end()});
  EXPECT_THAT(load_time_settings("Prescott", after), IsEmpty());
}

}  // namespace
}  // namespace smflow::training
