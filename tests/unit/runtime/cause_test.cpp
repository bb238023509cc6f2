#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/failure.hpp>

namespace smflow::runtime {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

}  // namespace

TEST(Cause, OfAPythonTracebackIsItsLastLineWithTheInnermostPlaceFirst) {
  const Cause cause = find_cause(
      "epoch 1\n"
      "Traceback (most recent call last):\n"
      "  File \"/opt/ml/code/train.py\", line 40, in <module>\n"
      "    main()\n"
      "  File \"/opt/ml/code/train.py\", line 12, in step\n"
      "    raise ValueError(f'bad shape {x}')\n"
      "  File \"/usr/lib/python3.11/json/decoder.py\", line 337, in decode\n"
      "ValueError: bad shape (3, 4)\n");
  EXPECT_EQ(cause.headline, "ValueError: bad shape (3, 4)");
  EXPECT_THAT(cause.places, ElementsAre("train.py:12 in step", "train.py:40 in <module>"));
}

TEST(Cause, OfChainedTracebacksIsTheLastOne) {
  const Cause cause = find_cause(
      "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'x'\n\n"
      "During handling of the above exception, another exception occurred:\n\n"
      "Traceback (most recent call last):\n  File \"a.py\", line 3, in g\nmy.module.OwnError: no x\n");
  EXPECT_EQ(cause.headline, "my.module.OwnError: no x");
  EXPECT_THAT(cause.places, ElementsAre("a.py:3 in g"));
}

TEST(Cause, OfATracebackIsFoundBetweenOtherLines) {
  const Cause cause = find_cause(
      "Traceback (most recent call last):\n  File \"a.py\", line 3, in g\n    g()\n"
      "12% done | loss 0.3\nRuntimeError: stop\n");
  EXPECT_EQ(cause.headline, "RuntimeError: stop");
}

TEST(Cause, OfAnExceptionWithoutTextIsItsName) {
  EXPECT_EQ(
      find_cause("Traceback (most recent call last):\n  File \"a.py\", line 3, in g\nKeyboardInterrupt\n").headline,
      "KeyboardInterrupt");
}

TEST(Cause, OfASyntaxErrorHasThePlace) {
  const Cause cause =
      find_cause("  File \"/opt/ml/code/main.py\", line 3\n    if x\n        ^\nSyntaxError: expected ':'\n");
  EXPECT_EQ(cause.headline, "SyntaxError: expected ':'");
  EXPECT_THAT(cause.places, ElementsAre("main.py:3"));
}

TEST(Cause, OfPythonsFaultHandlerIsTheFault) {
  const Cause cause = find_cause(
      "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
      "  File \"/opt/ml/code/train.py\", line 7 in load\n");
  EXPECT_EQ(cause.headline, "Fatal Python error: Segmentation fault");
  EXPECT_THAT(cause.places, ElementsAre("train.py:7 in load"));
}

TEST(Cause, OfACrashReportIsItsHeadlineWithTheProgramsOwnFrames) {
  const Cause cause = find_cause(
      "smflow: crash: std::out_of_range: batch 7\nmore of it\n"
      "#0 libstdc++.so.6(+0x1) __cxa_throw+0x1\n#1 main(+0x12ab) _Z10load_batchi+0x1f\n#2 main(+0x13) main+0x3\n"
      "#3 libc.so.6(+0x2) __libc_start_main+0x8\nunrelated\n");
  EXPECT_EQ(cause.headline, "std::out_of_range: batch 7");
  EXPECT_THAT(cause.places, ElementsAre("#1 main(+0x12ab) load_batch(int)+0x1f", "#2 main(+0x13) main+0x3"));
}

TEST(Cause, OfTheTerminateMessageIsTypeAndText) {
  EXPECT_EQ(
      find_cause("terminate called after throwing an instance of 'std::runtime_error'\n  what():  no data\n").headline,
      "std::runtime_error: no data");
  EXPECT_EQ(find_cause("terminate called after throwing an instance of 'int'\n").headline, "uncaught int");
  EXPECT_THAT(find_cause("terminate called without an active exception\n").headline, HasSubstr("terminate called"));
}

TEST(Cause, OfASanitizerIsItsErrorWithTheUsersFrames) {
  const Cause cause = find_cause(
      "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
      "    #0 0x55 in load(int) /src/loader.cpp:11\n    #1 0x66 in std::vector<int>::at /usr/include/x\n\n");
  EXPECT_THAT(cause.headline, testing::StartsWith("AddressSanitizer: heap-use-after-free"));
  EXPECT_THAT(cause.places, ElementsAre("#0 in load(int) /src/loader.cpp:11"));
}

TEST(Cause, IsEmptyWhenNothingIsKnown) {
  for (const char* text : {"", "\n\n", "all went well\nError: exit\n", "Traceback (most recent call last):\n"}) {
    const Cause cause = find_cause(text);
    EXPECT_EQ(cause.headline, "") << text;
    EXPECT_THAT(cause.places, IsEmpty()) << text;
  }
}

TEST(Cause, KeepsFourPlaces) {
  std::string text = "Traceback (most recent call last):\n";
  for (int i = 1; i <= 50; ++i) text += "  File \"a.py\", line " + std::to_string(i) + ", in f\n";
  const Cause cause = find_cause(text + "RecursionError: too deep\n");
  EXPECT_THAT(cause.places, ElementsAre("a.py:50 in f", "a.py:49 in f", "a.py:48 in f", "a.py:47 in f"));
}

TEST(Cause, SurvivesTextCutAtAnyByte) {
  const std::string whole =
      "smflow: crash: SIGSEGV\n#0 main(+0x1) _Z4loadi+0x1f\nterminate called after throwing an instance of 'x'\n"
      "  what():  y\n==1==ERROR: AddressSanitizer: z\n    #0 0x5 in f g\nTraceback (most recent call last):\n"
      "  File \"a.py\", line 3, in g\nE: x\nFatal Python error: Aborted\n  File \"b.py\", line";
  for (std::size_t begin = 0; begin < whole.size(); ++begin) {
    for (const std::size_t length : {std::size_t{7}, std::size_t{60}, whole.size()}) {
      EXPECT_LE(find_cause(std::string_view(whole).substr(begin, length)).places.size(), 4u);
    }
  }
}

}  // namespace smflow::runtime
