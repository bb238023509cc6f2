#include "smflow/training/load_time_settings.hpp"

#include "smflow/training/processor.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include <dlfcn.h>
#include <unistd.h>

namespace smflow::training {

namespace {

constexpr const char* spin_count = "10000";  // about 50 us

// What this processor can run of the two sets that OpenBLAS has had since 2017.
std::string better_kernels(const std::filesystem::path& root) {
  const auto has = [&](const char* feature) { return cpu_has(feature, root); };
  constexpr std::array skylake = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"};
  if (std::all_of(skylake.begin(), skylake.end(), has)) return "SkylakeX";
  return has("avx2") && has("fma") ? "Haswell" : "";
}

// Each ends with a NUL.
std::vector<std::string> own_arguments() {
  std::ifstream file("/proc/self/cmdline");
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

}  // namespace

EnvironmentSettings load_time_settings(std::string_view blas_kernels, const EnvironmentLookup& environment,
                                       const std::filesystem::path& root) {
  EnvironmentSettings settings;
  if (blas_kernels == "Prescott" && !environment("OPENBLAS_CORETYPE")) {
    if (std::string kernels = better_kernels(root); !kernels.empty()) {
      settings.emplace_back("OPENBLAS_CORETYPE", std::move(kernels));
    }
  }
  if (!environment("GOMP_SPINCOUNT") && !environment("OMP_WAIT_POLICY")) {
    settings.emplace_back("GOMP_SPINCOUNT", spin_count);
  }
  return settings;
}

std::string openblas_kernels() {
  using CoreName = char* (*)();
  const auto core_name = reinterpret_cast<CoreName>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return core_name == nullptr ? "" : core_name();
}

void restart_with_load_time_settings() {
  const EnvironmentSettings settings = load_time_settings(openblas_kernels(), environment_variable);
  if (settings.empty()) return;
  std::vector<std::string> words = own_arguments();
  if (words.empty()) return;
  for (const auto& [name, value] : settings) ::setenv(name.c_str(), value.c_str(), 0);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv("/proc/self/exe", arguments.data());
}

}  // namespace smflow::training
