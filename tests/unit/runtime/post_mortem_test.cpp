#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/capture.hpp>
#include <smflow/runtime/post_mortem.hpp>

namespace smflow::runtime {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

constexpr const char* backtrace =
    "[New LWP 7]\n"
    "#0  __pthread_kill_implementation (threadid=1) at ./nptl/pthread_kill.c:44\n"
    "#1  0x00007f01 in __GI_raise (sig=6) at ../sysdeps/posix/raise.c:26\n"
    "#2  0x00007f02 in ?? () from /lib/libc.so.6\n"
    "#3  0x0000555 in load_batch (i=42) at loader.cpp:11\n"
    "#4  0x0000555 in load_batch (i=42) at loader.cpp:11\n"
    "#5  0x0000556 in main () at main.cpp:3\n";

// As much of a core as tells it from other files.
const std::string core_head = std::string(
                                  "\x7f"
                                  "ELF\2\1\1",
                                  7) +
                              std::string(9, '\0') + std::string("\4\0", 2);

ProgramEnd dumped() {
  ProgramEnd end;
  end.dumped = true;
  end.started = fs::file_time_type::clock::now();
  return end;
}

}  // namespace

TEST(UserFrames, LeaveOutTheLibraryAndRepetitions) {
  EXPECT_THAT(user_frames(backtrace), ElementsAre("load_batch (i=42) at loader.cpp:11", "main () at main.cpp:3"));
  EXPECT_THAT(user_frames(backtrace, 1), ElementsAre("load_batch (i=42) at loader.cpp:11"));
}

TEST(UserFrames, AreThoseWithANameWhenNoneHasASource) {
  EXPECT_THAT(user_frames("#0  0x01 in ?? ()\n#1  0x02 in load () from main\n"), ElementsAre("load () from main"));
  EXPECT_THAT(user_frames("no stack\n#x\n#\n"), IsEmpty());
}

TEST(FindCore, TakesTheNewestOfThisRun) {
  const test::TemporaryFolder folder;
  const fs::path pattern = folder.write("pattern", "core.%p\n");
  const fs::path old = folder.write("code/core.1", core_head);
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(1));
  const ProgramEnd end = dumped();
  EXPECT_EQ(find_core(end, folder / "code", pattern), "");
  const fs::path fresh = folder.write("code/core.2", core_head);
  fs::last_write_time(fresh, end.started + std::chrono::seconds(1));
  folder.write("code/other", "x");
  EXPECT_EQ(find_core(end, folder / "code", pattern), fresh);
}

TEST(FindCore, TakesNoOtherFileWhereThePatternBeginsWithThePid) {
  const test::TemporaryFolder folder;
  const fs::path core = folder.write("code/4711", core_head);
  const fs::path other = folder.write("code/model.bin", core_head.substr(0, 16) + "\3");
  const ProgramEnd end = dumped();
  fs::last_write_time(core, end.started + std::chrono::seconds(1));
  fs::last_write_time(other, end.started + std::chrono::seconds(2));
  EXPECT_EQ(find_core(end, folder / "code", folder.write("pattern", "%p")), core);
}

TEST(FindCore, LooksInTheFolderOfThePattern) {
  const test::TemporaryFolder folder;
  const fs::path core = folder.write("cores/x-1", core_head);
  const fs::path pattern = folder.write("pattern", (folder / "cores/x-%e").string());
  fs::last_write_time(core, fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(find_core(dumped(), folder / "code", pattern), core);
}

TEST(FindCore, FindsNoneWithoutADumpOrWhenAProgramTakesIt) {
  const test::TemporaryFolder folder;
  const fs::path core = folder.write("code/core", core_head);
  fs::last_write_time(core, fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(find_core({}, folder / "code", folder.write("pattern", "core")), "");
  EXPECT_EQ(find_core(dumped(), folder / "code", folder.write("pattern", "|/usr/lib/systemd-coredump %P")), "");
  EXPECT_EQ(find_core(dumped(), folder / "missing", folder.write("pattern", "core")), "");
}

TEST(SourceFrames, AreEmptyWithoutAReportOrSymbols) {
  EXPECT_THAT(source_frames("nothing", "/bin/true"), IsEmpty());
  EXPECT_THAT(source_frames("smflow: crash: x\n#0 true(+0x1) f+0x1\n", "/bin/true"), IsEmpty());
}

TEST(Capture, GivesTheOutputOfAProgramThatSucceeds) {
  using std::chrono::minutes;
  EXPECT_EQ(capture({"sh", "-c", "echo one; echo two >&2"}, minutes(1)), "one\n");
  EXPECT_EQ(capture({"sh", "-c", "echo one; exit 1"}, minutes(1)), std::nullopt);
  EXPECT_EQ(capture({"no-such-program-anywhere"}, minutes(1)), std::nullopt);
  EXPECT_EQ(capture({"sh", "-c", "printf 1234567890"}, minutes(1), 4), "1234");
}

TEST(Capture, KillsAProgramThatTakesTooLong) {
  EXPECT_EQ(capture({"sh", "-c", "echo one; sleep 600"}, std::chrono::milliseconds(20)), std::nullopt);
}

}  // namespace smflow::runtime
