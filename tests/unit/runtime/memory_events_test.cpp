#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/runtime/memory_events.hpp>

namespace smflow::runtime {

namespace {

constexpr const char* v2_events = "low 0\nhigh 0\nmax 5\noom 2\noom_kill 3\noom_group_kill 0\n";

}  // namespace

TEST(MemoryEvents, AreReadFromTheOwnGroupOfVersion2) {
  const test::TemporaryFolder folder;
  folder.write("cgroup/job/x/memory.events", v2_events);
  folder.write("cgroup/job/x/memory.max", "1048576\n");
  folder.write("cgroup/job/x/memory.peak", "4096\n");
  const auto events = read_memory_events(folder / "cgroup", folder.write("self", "0::/job/x\n"));
  EXPECT_EQ(events.oom_kills, 3u);
  EXPECT_EQ(events.limit, 1048576u);
  EXPECT_EQ(events.peak, 4096u);
}

TEST(MemoryEvents, AreReadFromTheRootWhenTheOwnGroupIsNotVisible) {
  const test::TemporaryFolder folder;
  folder.write("cgroup/memory.events", v2_events);
  folder.write("cgroup/memory.max", "max\n");
  const auto events = read_memory_events(folder / "cgroup", folder.write("self", "0::/docker/abc\n"));
  EXPECT_EQ(events.oom_kills, 3u);
  EXPECT_FALSE(events.limit);
  EXPECT_FALSE(events.peak);
}

TEST(MemoryEvents, AreReadFromVersion1) {
  const test::TemporaryFolder folder;
  folder.write("cgroup/memory/job/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  folder.write("cgroup/memory/job/memory.limit_in_bytes", "67108864\n");
  folder.write("cgroup/memory/job/memory.max_usage_in_bytes", "67108000\n");
  const auto self = folder.write("self", "5:cpu,cpuacct:/\n4:memory:/job\n0::/\n");
  const auto events = read_memory_events(folder / "cgroup", self);
  EXPECT_EQ(events.oom_kills, 1u);
  EXPECT_EQ(events.limit, 67108864u);
  EXPECT_EQ(events.peak, 67108000u);
}

TEST(MemoryEvents, OfVersion1KnowWhatUnlimitedLooksLike) {
  const test::TemporaryFolder folder;
  folder.write("cgroup/memory/memory.oom_control", "oom_kill 0\n");
  folder.write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  const auto events = read_memory_events(folder / "cgroup", folder.write("self", "4:memory:/\n"));
  EXPECT_EQ(events.oom_kills, 0u);
  EXPECT_FALSE(events.limit);
}

TEST(MemoryEvents, AreMissingWhereTheKernelTellsNothing) {
  const test::TemporaryFolder folder;
  folder.write("cgroup/memory.events", "oom_kill many\n");
  for (const auto& self : {folder / "missing", folder.write("self", "garbage\n::\n0::\n\n")}) {
    const auto events = read_memory_events(folder / "cgroup", self);
    EXPECT_FALSE(events.oom_kills);
    EXPECT_FALSE(events.limit);
    EXPECT_FALSE(events.peak);
  }
}

}  // namespace smflow::runtime
