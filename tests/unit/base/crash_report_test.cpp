#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>

#include <smflow/base/crash_report.hpp>

namespace smflow {
namespace {

[[gnu::noinline]] int overflow_stack(int depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return depth < 0 ? page[0] : overflow_stack(depth + 1) + page[0];
}

template <class T>
[[gnu::noinline]] void throw_it(const T& thrown) {
  throw thrown;
}

TEST(CrashReport, UncaughtExceptionNamesTypeAndWhatAndStillAborts) {
  const auto crash = []() noexcept {
    install_crash_handlers();
    throw_it(std::out_of_range("index 42 of 0"));
  };
  EXPECT_EXIT(crash(), testing::KilledBySignal(SIGABRT),
              "smflow: crash: std::out_of_range: index 42 of 0\n#0 .*\\(\\+0x[0-9a-f]+\\)");
}

TEST(CrashReport, ExceptionThatIsNoStdExceptionIsNamedByItsType) {
  const auto crash = []() noexcept {
    install_crash_handlers();
    throw_it(42);
  };
  EXPECT_EXIT(crash(), testing::KilledBySignal(SIGABRT), "smflow: crash: int\n#0 ");
}

TEST(CrashReport, TerminateWithoutExceptionSaysSo) {
  const auto crash = [] {
    install_crash_handlers();
    std::terminate();
  };
  EXPECT_EXIT(crash(), testing::KilledBySignal(SIGABRT), "smflow: crash: std::terminate called without an exception");
}

TEST(CrashReport, SignalsAreReportedAndKillAsBefore) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    const auto crash = [&] {
      install_crash_handlers();
      raise(signal);
    };
    EXPECT_EXIT(crash(), testing::KilledBySignal(signal), "smflow: crash: SIG[A-Z]+.*\n#0 ") << signal;
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(CrashReport, StackOverflowIsReportedToo) {
  const auto crash = [] {
    install_crash_handlers();
    std::exit(overflow_stack(0));
  };
  EXPECT_EXIT(crash(), testing::KilledBySignal(SIGSEGV), "smflow: crash: SIGSEGV at address");
}
#endif

}  // namespace
}  // namespace smflow
