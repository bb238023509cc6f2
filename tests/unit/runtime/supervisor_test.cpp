#include "support/temporary_folder.hpp"

#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/console/client.hpp>
#include <smflow/runtime/supervisor.hpp>

namespace smflow::runtime {

namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class SuperviseTest : public testing::Test {
 protected:
  Result<ProgramEnd> run(const std::string& script, std::vector<std::string> more = {}) {
    std::vector<std::string> command{"/bin/sh", "-c", script, "sh"};
    command.insert(command.end(), more.begin(), more.end());
    return supervise({command, folder_.path(), variables_}, signals_);
  }

  // On a console of its own, waiting for a debugger.
  Result<ProgramEnd> run_held(std::vector<std::string> command, std::function<void()> ready = {}) {
    return supervise({.command = std::move(command),
                      .folder = folder_.path(),
                      .variables = variables_,
                      .console = folder_ / "console",
                      .hold = true,
                      .ready = std::move(ready)},
                     signals_);
  }

  int exit_code(const std::string& script) {
    const auto end = run(script);
    return end ? end->exit_code : -1;
  }

  test::TemporaryFolder folder_;
  Variables variables_{{"PATH", "/usr/bin:/bin"}};
  SignalInbox signals_;
};

}  // namespace

TEST_F(SuperviseTest, PassesTheExitCodeOn) {
  for (const int code : {0, 1, 3, 126, 254, 255}) EXPECT_EQ(exit_code("exit " + std::to_string(code)), code);
}

TEST_F(SuperviseTest, MakesASignal128AndItsNumber) {
  for (const int signal : {SIGKILL, SIGTERM, SIGUSR1}) {
    const auto end = run("kill -" + std::to_string(signal) + " $$; sleep 600");
    ASSERT_TRUE(end);
    EXPECT_EQ(end->signal, signal);
    EXPECT_EQ(end->exit_code, 128 + signal);
    EXPECT_FALSE(end->stopped);
  }
}

TEST_F(SuperviseTest, RunsInTheFolderWithTheVariablesOnly) {
  setenv("SMFLOW_TEST_LEAK", "1", 1);
  variables_["NAME"] = "a b\n'c";
  ASSERT_EQ(exit_code("test -z \"$SMFLOW_TEST_LEAK\" && printf %s \"$NAME\" > name"), 0);
  EXPECT_EQ(test::slurp(folder_ / "name"), "a b\n'c");
  unsetenv("SMFLOW_TEST_LEAK");
}

TEST_F(SuperviseTest, HandsArgumentsOverAsTheyAre) {
  const auto end = run("printf '%s|' \"$@\" > arguments", {"$HOME", "a\"", "", "x y", "é"});
  ASSERT_TRUE(end);
  EXPECT_EQ(test::slurp(folder_ / "arguments"), "$HOME|a\"||x y|é|");
}

TEST_F(SuperviseTest, BoundsTheCoreOfACrashWhateverWasAllowedBefore) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &before), 0);
  if (before.rlim_max <= rlim_t{8} << 30) GTEST_SKIP() << "less than 8 GiB is all that is allowed here (ulimit -H -c)";
  const rlimit all{before.rlim_max, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_CORE, &all), 0);
  const auto end = supervise({.command = {"/bin/sh", "-c", "grep core /proc/self/limits > limits"},
                              .folder = folder_.path(),
                              .variables = variables_,
                              .want_core = true},
                             signals_);
  setrlimit(RLIMIT_CORE, &before);
  ASSERT_TRUE(end);
  EXPECT_THAT(test::slurp(folder_ / "limits"), HasSubstr(" 8589934592 "));
}

TEST_F(SuperviseTest, KeepsTheEndOfStandardError) {
  const auto end = run("echo out; echo err >&2; exit 1");
  ASSERT_TRUE(end);
  EXPECT_THAT(end->tail, HasSubstr("err\n"));
}

TEST_F(SuperviseTest, ForwardsSignalsToTheWholeGroup) {
  const auto end =
      run("sh -c 'trap \"echo child > child; exit\" TERM; touch ready; while :; do sleep 0.02; done' &\n"
          "trap 'wait; exit 7' TERM; while ! test -e ready; do sleep 0.02; done; kill -TERM $PPID\n"
          "while :; do sleep 0.02; done");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 7);
  EXPECT_TRUE(end->stopped);
  EXPECT_EQ(test::slurp(folder_ / "child"), "child\n");
}

TEST_F(SuperviseTest, ForwardsUserSignalsWithoutCallingItAStop) {
  const auto end = run("trap 'exit 6' USR1; kill -USR1 $PPID; while :; do sleep 0.02; done");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 6);
  EXPECT_FALSE(end->stopped);
}

TEST_F(SuperviseTest, KillsWhatIsLeftOfTheGroup) {
  const auto end =
      run("sh -c 'trap \"\" TERM HUP; echo $$ > left; exec sleep 600' & while ! test -s left; do sleep 0.02; done");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
  const pid_t left = std::stoi(test::slurp(folder_ / "left"));
  EXPECT_TRUE(kill(left, 0) != 0 || waitpid(left, nullptr, 0) == left);
}

TEST_F(SuperviseTest, ReapsOrphans) {
  const auto end =
      run("touch orphans; for i in 1 2 3 4 5; do (sh -c 'echo $$ >> orphans' & ) ; done\n"
          "while test $(wc -l < orphans) -lt 5; do sleep 0.02; done\n"
          "for i in $(seq 500); do ps -o stat= -p $(paste -sd, orphans) > left || break; sleep 0.02; done");
  ASSERT_TRUE(end);
  EXPECT_EQ(test::slurp(folder_ / "left"), "");
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(SuperviseTest, DoesNotWaitForADaemonThatHoldsStandardError) {
  const auto end =
      run("setsid sh -c 'echo $$ > daemon; exec sleep 600' & while ! test -s daemon; do sleep 0.02; done; exit 4");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 4);
  const pid_t daemon = std::stoi(test::slurp(folder_ / "daemon"));
  EXPECT_EQ(kill(daemon, SIGKILL), 0) << "left its session, so it is not ours to kill";
  waitpid(daemon, nullptr, 0);
}

TEST_F(SuperviseTest, RunsAScriptWithoutAFirstLine) {
  fs::permissions(folder_.write("script", "exit 9\n"), fs::perms::owner_all);
  const auto end = supervise({{"./script"}, folder_.path(), variables_}, signals_);
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 9);
}

TEST_F(SuperviseTest, SaysWhyAProgramCannotBeStarted) {
  fs::permissions(folder_.write("bad", "#!/nowhere/interpreter\n"), fs::perms::owner_all);
  folder_.write("plain", "x");
  const std::pair<const char*, int> rows[] = {{"./missing", 127}, {"./bad", 127}, {"./plain", 126}};
  for (const auto& [program, code] : rows) {
    const auto end = supervise({{program}, folder_.path(), variables_}, signals_);
    ASSERT_FALSE(end) << program;
    EXPECT_EQ(end.error().code, "E228");
    EXPECT_EQ(static_cast<int>(end.error().exit), code) << program;
    EXPECT_THAT(end.error().message, HasSubstr(program));
  }
  const auto bad = supervise({{"./bad"}, folder_.path(), variables_}, signals_);
  EXPECT_THAT(bad.error().message, HasSubstr("interpreter"));
}

TEST_F(SuperviseTest, SaysWhenTheArgumentsAreTooLong) {
  const auto end = run("true", std::vector<std::string>(40, std::string(120'000, 'x')));
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().fix, HasSubstr("input channel"));
}

std::string only_child() {
  std::string child;
  std::ifstream("/proc/self/task/" + std::to_string(getpid()) + "/children") >> child;
  return child;
}

TEST_F(SuperviseTest, HoldsAProgramAtItsFirstInstructionUntilSomebodyJoinsItsConsole) {
  std::string state;
  fs::path program;
  std::thread somebody;
  const auto end = run_held({"/bin/sh", "-c", "echo > ran; echo printed"}, [&] {
    const std::string child = only_child();
    std::ifstream status("/proc/" + child + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("State:\t")) state = line.substr(7);
    }
    std::error_code gone;
    program = fs::read_symlink("/proc/" + child + "/exe", gone);
    EXPECT_FALSE(fs::exists(folder_ / "ran"));
    somebody = std::thread([&] { static_cast<void>(console::join(folder_ / "console")); });
  });
  ASSERT_TRUE(end) << end.error().message;
  ASSERT_TRUE(somebody.joinable());
  somebody.join();
  EXPECT_EQ(end->exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "ran"));
  EXPECT_EQ(end->tail, "printed\n");
  EXPECT_TRUE(state.starts_with("T (stopped)")) << state;
  EXPECT_EQ(program, fs::canonical("/bin/sh"));
}

TEST_F(SuperviseTest, IsReadyForADebuggerOnceTheProgramIsExecuted) {
  fs::path program;
  const auto end = supervise({.command = {"/bin/sh", "-c", "while ! test -e seen; do sleep 0.01; done; exit 3"},
                              .folder = folder_.path(),
                              .variables = variables_,
                              .ready =
                                  [&] {
                                    program = fs::read_symlink("/proc/" + only_child() + "/exe");
                                    folder_.write("seen", "");
                                  }},
                             signals_);
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(program, fs::canonical("/bin/sh"));
}

// The child of `parent`, besides the calling process, that is stopped; 0 when there is none in time.
pid_t stopped_child(pid_t parent) {
  const std::string children = "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  for (int i = 0; i < 1000; ++i) {
    std::ifstream list(children);
    for (pid_t child = 0; list >> child;) {
      std::ifstream file("/proc/" + std::to_string(child) + "/status");
      const std::string status(std::istreambuf_iterator<char>(file), {});
      if (status.find("\nState:\tT") != std::string::npos) return child;
    }
    usleep(1000);
  }
  return 0;
}

// Takes a few instructions with a process, within a millisecond or so. False where that is not allowed.
bool debug_briefly(pid_t process) {
  if (ptrace(PTRACE_ATTACH, process, nullptr, nullptr) != 0) return false;
  int status = 0;
  for (int step = 0; step < 5; ++step) {
    waitpid(process, &status, __WALL);
    ptrace(PTRACE_SINGLESTEP, process, nullptr, nullptr);
  }
  waitpid(process, &status, __WALL);
  ptrace(PTRACE_DETACH, process, nullptr, nullptr);
  return true;
}

TEST_F(SuperviseTest, ADebuggerThatComesAndGoesAtOnceLetsAHeldProgramGoOn) {
  int answer[2];
  ASSERT_EQ(pipe(answer), 0);
  const pid_t self = getpid();
  if (fork() == 0) {
    const bool allowed = debug_briefly(stopped_child(self));
    if (!allowed) kill(self, SIGTERM);
    _exit(write(answer[1], &allowed, sizeof allowed) == sizeof allowed ? 0 : 1);
  }
  const auto end = run_held({"/bin/sh", "-c", "exit 7"});
  bool allowed = false;
  ASSERT_EQ(read(answer[0], &allowed, sizeof allowed), static_cast<ssize_t>(sizeof allowed));
  if (!allowed) GTEST_SKIP() << "a process may not trace its sibling here (kernel.yama.ptrace_scope)";
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 7);
}

TEST_F(SuperviseTest, AProgramThatIsHeldCanBeStopped) {
  const auto end = run_held({"/bin/sh", "-c", "sleep 600"}, [] { kill(getpid(), SIGTERM); });
  ASSERT_TRUE(end);
  EXPECT_EQ(end->signal, SIGTERM);
  EXPECT_TRUE(end->stopped);
}

TEST_F(SuperviseTest, AProgramThatCannotBeStartedCannotBeHeldEither) {
  bool ready = false;
  const auto end = run_held({"/no/such"}, [&] { ready = true; });
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "E228");
  EXPECT_FALSE(ready);
}

TEST(SignalText, NamesSignals) {
  EXPECT_EQ(signal_name(SIGSEGV), "SIGSEGV");
  EXPECT_EQ(signal_name(70), "signal 70");
  EXPECT_EQ(signal_text(SIGSEGV), "SIGSEGV (segmentation fault)");
}

TEST(SignalInboxTest, HandsSignalsOutAndGivesUpAfterTheTimeout) {
  SignalInbox inbox;
  EXPECT_EQ(inbox.next(std::chrono::milliseconds(0)), std::nullopt);
  kill(getpid(), SIGTERM);
  EXPECT_EQ(inbox.next(std::chrono::milliseconds(-1)), SIGTERM);
}

}  // namespace smflow::runtime
