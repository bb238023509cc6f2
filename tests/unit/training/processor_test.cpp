#include "support/temporary_folder.hpp"

#include <string>

#include <gtest/gtest.h>

#include <smflow/training/processor.hpp>

namespace smflow::training {
namespace {

TEST(UsableCores, AreAtLeastOne) {
  EXPECT_GE(usable_cores(), 1);
}

TEST(UsableCores, ObeyTheGroupsQuota) {
  const test::TemporaryFolder root;
  root.write("proc/self/cgroup", "0::/job/inner\n");
  root.write("sys/fs/cgroup/job/inner/cpu.max", "max 100000\n");
  root.write("sys/fs/cgroup/job/cpu.max", "50000 100000\n");
  EXPECT_EQ(usable_cores(root.path()), 1);
}

TEST(UsableCores, ObeyAVersionOneQuota) {
  const test::TemporaryFolder root;
  root.write("proc/self/cgroup", "5:cpuset:/\n4:cpu,cpuacct:/docker/abc\n");
  root.write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "20000\n");
  root.write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(usable_cores(root.path()), 1);
}

TEST(UsableCores, IgnoreAQuotaThatIsNone) {
  const test::TemporaryFolder none, generous, malformed, version_one;
  generous.write("proc/self/cgroup", "0::/\n");
  generous.write("sys/fs/cgroup/cpu.max", "99999999999 1\n");
  malformed.write("proc/self/cgroup", "0\n\n0::/\n:::::\n");
  malformed.write("sys/fs/cgroup/cpu.max", "soon later\n");
  version_one.write("proc/self/cgroup", "4:cpu:/\n");
  version_one.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  version_one.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  const int all = usable_cores(none.path());
  EXPECT_EQ(usable_cores(generous.path()), all);
  EXPECT_EQ(usable_cores(malformed.path()), all);
  EXPECT_EQ(usable_cores(version_one.path()), all);
}

TEST(LoadedBlas, IsToldByTheMappedFile) {
  const auto line = [](const std::string& path) { return "7f00-7f01 r-xp 00000000 08:01 1234    " + path + "\n"; };
  EXPECT_EQ(loaded_blas(line("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0")), Blas::reference);
  EXPECT_EQ(loaded_blas(line("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3")), Blas::openblas);
  EXPECT_EQ(loaded_blas(line("/opt/intel/libmkl_rt.so.2")), Blas::mkl);
  EXPECT_EQ(loaded_blas(line("/usr/lib/x86_64-linux-gnu/blis-pthread/libblis.so.4")), Blas::blis);
  EXPECT_EQ(loaded_blas(line("/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3")), Blas::atlas);
  EXPECT_EQ(loaded_blas(line("/usr/lib/x86_64-linux-gnu/libc.so.6")), Blas::none);
}

TEST(LoadedBlas, WarnsOnlyOfTheSlowOne) {
  EXPECT_NE(slow_blas_warning(Blas::reference).find("apt-get install libopenblas0-pthread"), std::string::npos);
  for (const Blas blas : {Blas::openblas, Blas::mkl, Blas::blis, Blas::atlas, Blas::none}) {
    EXPECT_EQ(slow_blas_warning(blas), "");
  }
}

TEST(CpuHas, ReadsTheFlags) {
  const test::TemporaryFolder root;
  root.write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\nbugs\t:\n");
  EXPECT_TRUE(cpu_has("avx512_bf16", root.path()));
  EXPECT_TRUE(cpu_has("avx2", root.path()));
  EXPECT_FALSE(cpu_has("avx", root.path()));
  EXPECT_FALSE(cpu_has("amx_bf16", root.path()));
}

}  // namespace
}  // namespace smflow::training
