#include "support/temporary_folder.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/text.hpp>
#include <smflow/runtime/failure.hpp>

namespace smflow::runtime {

namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ProgramEnd exited(int code, std::string tail = {}) {
  ProgramEnd end;
  end.exit_code = code;
  end.tail = std::move(tail);
  return end;
}

ProgramEnd killed(int signal, std::string tail = {}) {
  ProgramEnd end = exited(128 + signal, std::move(tail));
  end.signal = signal;
  return end;
}

}  // namespace

TEST(FailureText, BeginsWithTheCauseAndThePlace) {
  const std::string text = failure_text(
      "train.py", exited(1, "Traceback (most recent call last):\n  File \"train.py\", line 3, in g\nKeyError: 'x'\n"),
      {});
  EXPECT_EQ(text, "KeyError: 'x'\n  at train.py:3 in g\n'train.py' exited with code 1");
}

TEST(FailureText, ShowsTheLastOutputWhenNoCauseIsKnown) {
  const std::string text = failure_text("main.sh", exited(3, "one\n\n  two  \n10%\r20%\rdone 100%\n"), {});
  EXPECT_EQ(text, "'main.sh' exited with code 3\nlast output:\none\n  two\ndone 100%");
}

TEST(FailureText, SaysWhatDebugpyNeeds) {
  EXPECT_THAT(failure_text("main.py", exited(1, "/usr/bin/python3: No module named debugpy\n"), {}),
              HasSubstr("hint: --debugpy needs debugpy in the image: name it in requirements.txt"));
}

TEST(FailureText, NamesTheSignal) {
  EXPECT_THAT(failure_text("main", killed(SIGSEGV), {}),
              StartsWith("'main' was killed by SIGSEGV (segmentation fault)"));
  EXPECT_THAT(failure_text("main.sh", exited(139), {}), HasSubstr("139, which stands for SIGSEGV"));
  EXPECT_THAT(failure_text("main.sh", exited(255), {}), Not(HasSubstr("stands for")));
}

TEST(FailureText, ShowsFramesOfACoreRatherThanThoseOfTheProgram) {
  Surroundings around;
  around.frames = {"load (i=42) at loader.cpp:11"};
  const std::string text =
      failure_text("main", killed(SIGSEGV, "smflow: crash: SIGSEGV\n#0 main(+0x1) f+0x1\n"), around);
  EXPECT_EQ(text, "SIGSEGV\n  at load (i=42) at loader.cpp:11\n'main' was killed by SIGSEGV (segmentation fault)");
}

TEST(FailureText, KeepsFileAndLineBehindALongName) {
  Surroundings around;
  around.frames = {"run<" + std::string(300, 'x') + "> at loader.cpp:11",
                   "at " + std::string(300, '/') + " at " + std::string(300, 'y')};
  const std::string text = failure_text("main", killed(SIGSEGV), around);
  EXPECT_THAT(text, HasSubstr("\n  at run<" + std::string(136, 'x') + "... at loader.cpp:11\n"));
  EXPECT_THAT(text, HasSubstr("\n  at at " + std::string(154, '/') + "..."));
}

TEST(FailureText, GivesTheHintThatFits) {
  Surroundings memory;
  memory.out_of_memory = true;
  memory.memory = {.oom_kills = 1, .limit = 2ull << 30, .peak = 1ull << 30};
  EXPECT_THAT(failure_text("main", killed(SIGKILL), memory),
              HasSubstr("out of memory: the kernel killed a process of this container, limit 2.0 GiB, peak 1.0 GiB"));
  EXPECT_THAT(failure_text("main", killed(SIGKILL), {}), HasSubstr("probably out of memory"));
  Surroundings shared;
  shared.shared_memory_full = true;
  EXPECT_THAT(failure_text("main", killed(SIGBUS), shared), HasSubstr("/dev/shm is full"));
  EXPECT_THAT(failure_text("main", killed(SIGTERM), {}), HasSubstr("something in the container sent SIGTERM"));
  ProgramEnd stopped = killed(SIGTERM);
  stopped.stopped = true;
  EXPECT_THAT(failure_text("main", stopped, {}), HasSubstr("the job was stopped"));
  EXPECT_THAT(failure_text("main.sh", exited(127), {}), HasSubstr("command was not found"));
  EXPECT_THAT(failure_text("main.sh", exited(126), {}), HasSubstr("not executable"));
  EXPECT_THAT(failure_text("main", killed(SIGABRT), {}), HasSubstr("install_crash_handlers"));
}

TEST(FailureText, HoldsAtMost900CharactersAndNoControls) {
  std::string tail = "Traceback (most recent call last):\nValueError: ";
  for (int i = 0; i < 3000; ++i) tail += "é\x1b[31m\xff";
  for (const std::string& text : {tail, std::string(100'000, 'x'), std::string("a\n") + std::string(5000, '\xe9')}) {
    const std::string reason = failure_text("main", exited(1, text), {});
    EXPECT_TRUE(is_valid_utf8(reason));
    EXPECT_EQ(utf8_prefix_characters(reason, 900), reason);
    EXPECT_EQ(reason.find('\x1b'), std::string::npos);
    EXPECT_THAT(reason, HasSubstr("exited with code 1"));
  }
}

TEST(FailureFile, IsWrittenWithItsFolder) {
  const test::TemporaryFolder folder;
  const contract::Paths paths{.base = folder.path()};
  ASSERT_TRUE(write_failure(paths, "the cause"));
  EXPECT_EQ(test::slurp(paths.failure_file()), "the cause");
}

TEST(FailureFile, HasTheTimeAtWhichTheProgramFailed) {
  const test::TemporaryFolder folder;
  const contract::Paths paths{.base = folder.path()};
  const auto failed = std::filesystem::file_time_type::clock::now() - std::chrono::milliseconds(2500);
  ASSERT_TRUE(write_failure(paths, "the cause", failed));
  EXPECT_EQ(std::filesystem::last_write_time(paths.failure_file()), failed);
}

TEST(FailureFile, OfTheProgramItselfStays) {
  const test::TemporaryFolder folder;
  const contract::Paths paths{.base = folder.path()};
  folder.write("output/failure", "my own words");
  ASSERT_TRUE(write_failure(paths, "the cause"));
  EXPECT_EQ(test::slurp(paths.failure_file()), "my own words");
  folder.write("output/failure", "");
  ASSERT_TRUE(write_failure(paths, "the cause"));
  EXPECT_EQ(test::slurp(paths.failure_file()), "the cause");
}

}  // namespace smflow::runtime
