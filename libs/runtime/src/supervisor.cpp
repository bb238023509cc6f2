#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/console/server.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/runtime/output_relay.hpp>
#include <smflow/runtime/supervisor.hpp>

namespace smflow::runtime {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds for_ever{-1};
constexpr milliseconds group_poll{20};
constexpr milliseconds look_for_debugger{200};
constexpr milliseconds longest_stop{1000};
constexpr milliseconds sink_patience{10'000};
constexpr rlim_t largest_core = rlim_t{8} << 30;

// Zero-terminated arrays for execve; valid while the strings live.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// A program finds its terminal where we have one; a pipe or file it would not know from a pipe of ours.
bool takes_relay(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode));
}

bool one_output() {
  struct stat out {
  }, err{};
  if (fstat(STDOUT_FILENO, &out) != 0 || fstat(STDERR_FILENO, &err) != 0) return false;
  return out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

void allow_core() {
  rlimit limit{};
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max < largest_core ? limit.rlim_max : largest_core;
  setrlimit(RLIMIT_CORE, &limit);
}

// The program's command as execve wants it, and what the shell gets when the kernel does not know the format.
struct Exec {
  explicit Exec(const Launch& launch) : command(launch.command), shell_command{"/bin/sh"} {
    shell_command.insert(shell_command.end(), command.begin(), command.end());
    for (const auto& [name, value] : launch.variables) environment.push_back(name + "=" + value);
    argv = pointers(command);
    shell_argv = pointers(shell_command);
    envp = pointers(environment);
  }

  // Returns the errno of the failure.
  int run() const {
    execve(argv[0], argv.data(), envp.data());
    if (errno == ENOEXEC) execve(shell_argv[0], shell_argv.data(), envp.data());
    return errno;
  }

  std::vector<std::string> command, shell_command, environment;
  std::vector<char*> argv, shell_argv, envp;
};

// What a program's streams are connected to.
struct Streams {
  int output = -1;  // ours, when there is none
  int errors = -1;
  int console = -1;  // all three, when there is one
};

void connect(const Streams& streams) {
  if (streams.console >= 0) {
    setsid();
    ioctl(streams.console, TIOCSCTTY, 0);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(streams.console, stream);
    return;
  }
  setpgid(0, 0);
  if (streams.output >= 0) dup2(streams.output, STDOUT_FILENO);
  dup2(streams.errors, STDERR_FILENO);
}

// Stops at the first instruction of what is executed next. Where tracing is not allowed, just before.
void stop_at_exec() {
  if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) raise(SIGSTOP);
}

// The instruction at which a stopped process goes on (proc(5), /proc/pid/syscall); empty when that is not known.
std::string place_of(pid_t process) {
  const std::string text = read_file("/proc/" + std::to_string(process) + "/syscall", 4096).value_or("");
  const std::size_t last = text.rfind(" 0x");
  return last == std::string::npos ? "" : text.substr(last);
}

// Empty when there is no such process.
std::string status_of(pid_t process) {
  return read_file("/proc/" + std::to_string(process) + "/status", 64 << 10).value_or("");
}

bool tells_of_a_stop(const std::string& status) {
  return status.find("\nState:\tT") != std::string::npos;
}

// The child has called stop_at_exec(): returns when it has stopped, or ended. A stopped one is left to any debugger;
// its place is returned.
std::string wait_until_stopped(pid_t program) {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(program), &info, WSTOPPED | WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  if (info.si_code != CLD_TRAPPED) return place_of(program);
  waitpid(program, nullptr, 0);
  std::string place = place_of(program);
  ptrace(PTRACE_DETACH, program, nullptr, SIGSTOP);
  // Not for ever: a debugger that has come already may have taken the stop.
  for (const auto since = Clock::now(); !tells_of_a_stop(status_of(program)) && Clock::now() - since < longest_stop;) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  return place;
}

// Whether the program was executed, or may yet be where it is held; waits for that where it is not.
bool is_executed(int report, bool held) {
  pollfd event{.fd = report, .events = POLLIN, .revents = 0};
  while (poll(&event, 1, held ? 0 : -1) < 0 && errno == EINTR) {
  }
  return (event.revents & POLLIN) == 0;
}

[[noreturn]] void become(const Exec& exec, const Launch& launch, const SignalInbox& signals, const Streams& streams,
                         int report) {
  connect(streams);
  if (launch.want_core) allow_core();
  signals.restore_in_child();
  if (launch.hold) stop_at_exec();
  int error = chdir(launch.folder.c_str()) == 0 ? 0 : errno;
  if (error == 0) error = exec.run();
  [[maybe_unused]] const ssize_t written = write(report, &error, sizeof error);
  _exit(127);
}

Error cannot_start(const Launch& launch, int error) {
  const std::string& program = launch.command.front();
  Error failure{.code = "E228",
                .exit = static_cast<ExitCode>(error == ENOENT ? 127 : 126),
                .message = "cannot start '" + program + "': " + system_error_text(error),
                .fix = "check that it is there and executable, and that it was built for the processor of the image"};
  struct stat status {};
  if (error == ENOENT && stat((launch.folder / program).c_str(), &status) == 0) {
    failure.message = "cannot start '" + program + "': the interpreter or loader that it names does not exist";
    failure.fix = "check its first line ('#!'), or that it was built for this image ('ldd')";
  } else if (error == E2BIG) {
    failure.fix = "pass large hyperparameters as a file in an input channel";
  }
  return failure;
}

// 0 when the program runs, else errno.
int read_report(int fd) {
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(fd, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

bool lives(pid_t group) {
  return kill(-group, 0) == 0 || errno == EPERM;
}

// While a program runs on a terminal, the terminal's keys are the program's.
class Foreground {
 public:
  explicit Foreground(pid_t group) : ours_(isatty(STDIN_FILENO) != 0 && tcgetpgrp(STDIN_FILENO) == getpgrp()) {
    if (ours_) tcsetpgrp(STDIN_FILENO, group);
  }
  ~Foreground() {
    if (!ours_) return;
    sigset_t background_write, before;
    sigemptyset(&background_write);
    sigaddset(&background_write, SIGTTOU);
    sigprocmask(SIG_BLOCK, &background_write, &before);
    tcsetpgrp(STDIN_FILENO, getpgrp());
    sigprocmask(SIG_SETMASK, &before, nullptr);
  }
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;

 private:
  bool ours_;
};

// What a program writes to stdout and stderr, on its way to ours.
class Relays {
 public:
  // The ends for the program.
  Result<Streams> open() {
    Streams streams{.errors = errors_.open()};
    if (takes_relay(STDOUT_FILENO)) {
      // Through two pipes the lines of one output would change places.
      streams.output = one_output() ? streams.errors : output_.emplace(STDOUT_FILENO, tail_).open();
    }
    if (streams.errors < 0 || (output_ && streams.output < 0)) {
      return tl::unexpected(system_error("cannot make a pipe", errno));
    }
    return streams;
  }
  void start() {
    errors_.start();
    if (output_) output_->start();
  }
  // The end of both.
  std::string stop() {
    if (output_) output_->stop(sink_patience);
    return errors_.stop(sink_patience);
  }

 private:
  std::shared_ptr<SharedTail> tail_ = std::make_shared<SharedTail>(OutputRelay::tail_bytes);
  OutputRelay errors_{STDERR_FILENO, tail_};
  std::optional<OutputRelay> output_;
};

class Supervisor {
 public:
  // `console` may be null; `held_at`: where the program waits for a debugger, if it does.
  Supervisor(pid_t program, SignalInbox& signals, console::Server* console, std::optional<std::string> held_at)
      : signals_(signals), console_(console), held_at_(std::move(held_at)) {
    end_.pid = program;
  }

  ProgramEnd run(Relays& relays, milliseconds group_grace) {
    end_.started = std::filesystem::file_time_type::clock::now();
    // The program may have ended before its SIGCHLD could be taken.
    for (reap(); !ended_; reap()) {
      handle(signals_.next(held_at_ ? look_for_debugger : for_ever));
      if (held_at_) release_after_debugger();
    }
    if (!group_ends(group_grace)) kill(-end_.pid, SIGKILL);
    if (console_ != nullptr) console_->stop();
    end_.tail = relays.stop();
    reap();
    return std::move(end_);
  }

 private:
  void handle(std::optional<int> signal) {
    if (!signal || *signal == SIGCHLD) return;
    if (*signal == SIGWINCH && console_ != nullptr) return console_->take_window_size();
    const bool stops = *signal == SIGTERM || *signal == SIGINT;
    end_.stopped = end_.stopped || stops;
    kill(-end_.pid, *signal);
    // One that still waits for its debugger would not hear of it.
    if (stops) kill(-end_.pid, SIGCONT);
  }

  // A debugger that has taken over a stopped program leaves it stopped when it lets go. One that came and went between
  // two looks shows in where the program stands.
  void release_after_debugger() {
    const std::string status = status_of(end_.pid);
    if (status.empty()) return;
    const bool traced = status.find("\nTracerPid:\t0\n") == std::string::npos;
    traced_ = traced_ || traced;
    if (traced || !tells_of_a_stop(status)) return;
    const std::string place = place_of(end_.pid);
    if (!traced_ && (held_at_->empty() || place.empty() || place == *held_at_)) return;
    // A stop of the debugger's own may still be on its way, so this may be needed again.
    kill(end_.pid, SIGCONT);
  }

  void reap() {
    for (;;) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, WNOHANG);
      if (pid < 0 && errno == EINTR) continue;
      if (pid <= 0) return;
      if (pid == end_.pid && !ended_) record(status);
    }
  }

  void record(int status) {
    ended_ = true;
    end_.ended = std::filesystem::file_time_type::clock::now();
    end_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end_.dumped = WIFSIGNALED(status) && WCOREDUMP(status);
    end_.exit_code = WIFSIGNALED(status) ? 128 + end_.signal : WEXITSTATUS(status);
  }

  bool group_ends(milliseconds grace) {
    const auto since = Clock::now();
    while (lives(end_.pid)) {
      const milliseconds allowed =
          end_.stopped ? milliseconds(std::chrono::seconds(contract::stop_grace_seconds)) : grace;
      if (Clock::now() - since >= allowed) return false;
      handle(signals_.next(group_poll));
      reap();
    }
    return true;
  }

  SignalInbox& signals_;
  console::Server* console_;
  const std::optional<std::string> held_at_;
  bool traced_ = false;  // a debugger has had it
  ProgramEnd end_;
  bool ended_ = false;
};

}  // namespace

Result<ProgramEnd> supervise(const Launch& launch, SignalInbox& signals, milliseconds group_grace) {
  // Orphans come to us also when we are not the first process of a container.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Relays relays;
  auto streams = relays.open();
  if (!streams) return tl::unexpected(std::move(streams).error());
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return tl::unexpected(system_error("cannot make a pipe", errno));
  std::unique_ptr<console::Server> console;
  if (!launch.console.empty()) {
    auto opened = console::Server::open(launch.console);
    if (!opened) return tl::unexpected(std::move(opened).error());
    console = *std::move(opened);
    streams->console = console->program_side();
  }
  const UniqueFd report_read(report[0]);
  UniqueFd report_write(report[1]);
  const Exec exec(launch);

  const pid_t program = fork();
  if (program < 0) return tl::unexpected(system_error("cannot start a process", errno));
  if (program == 0) become(exec, launch, signals, *streams, report_write.get());
  std::optional<Foreground> foreground;
  if (!console) {
    setpgid(program, program);
    foreground.emplace(program);
  }
  report_write.reset();
  std::optional<std::string> held_at;
  if (launch.hold) held_at = wait_until_stopped(program);
  if (console) {
    UniqueFd log(fcntl(streams->errors, F_DUPFD_CLOEXEC, 3));
    console->start(std::move(log), [program] { kill(-program, SIGCONT); });
  }
  relays.start();
  if (launch.ready && is_executed(report_read.get(), launch.hold)) launch.ready();
  ProgramEnd end = Supervisor(program, signals, console.get(), std::move(held_at)).run(relays, group_grace);
  const int error = read_report(report_read.get());
  if (error != 0) return tl::unexpected(cannot_start(launch, error));
  return end;
}

}  // namespace smflow::runtime
