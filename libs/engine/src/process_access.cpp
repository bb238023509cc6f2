#include "debugging.hpp"
#include "system_call.hpp"

#include <array>
#include <charconv>
#include <csignal>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/process.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/base/write_all.hpp>
#include <smflow/engine/host_access.hpp>

namespace smflow::engine {

namespace {

struct Namespace {
  const char* name;
  int flag;
};

// The user namespace first: it gives the right to enter the others.
constexpr Namespace namespaces[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},  {"pid", CLONE_NEWPID},
                                    {"uts", CLONE_NEWUTS},   {"ipc", CLONE_NEWIPC}, {"net", CLONE_NEWNET}};

bool is_another(const std::string& process, const char* name) {
  struct stat theirs {
  }, ours{};
  if (::stat(("/proc/" + process + "/ns/" + name).c_str(), &theirs) != 0) return true;
  return ::stat((std::string("/proc/self/ns/") + name).c_str(), &ours) != 0 || ours.st_ino != theirs.st_ino;
}

void enter(pid_t entrypoint) {
  const UniqueFd process(static_cast<int>(check(::syscall(SYS_pidfd_open, entrypoint, 0), "find the host")));
  int wanted = 0;
  for (const Namespace& each : namespaces) {
    if (is_another(std::to_string(entrypoint), each.name)) wanted |= each.flag;
  }
  if (wanted != 0) check(::setns(process.get(), wanted), "enter the host");
}

// A command that cannot be run ends as in a shell.
[[noreturn]] void become(const std::vector<std::string>& command) {
  const int error = become_program(command);
  const std::string text = "cannot run '" + command.front() + "' in the host: " + system_error_text(error) + "\n";
  static_cast<void>(write_all(STDERR_FILENO, text, "the message"));
  ::_exit(error == ENOENT ? 127 : 126);
}

// The keys that interrupt are for the command, which shares our terminal.
class LeaveKeysToCommand {
 public:
  LeaveKeysToCommand() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    for (std::size_t index = 0; index < std::size(signals); ++index)
      ::sigaction(signals[index], &ignore, &before_[index]);
  }
  ~LeaveKeysToCommand() { restore(); }
  LeaveKeysToCommand(const LeaveKeysToCommand&) = delete;
  LeaveKeysToCommand& operator=(const LeaveKeysToCommand&) = delete;
  void restore() const {
    for (std::size_t index = 0; index < std::size(signals); ++index)
      ::sigaction(signals[index], &before_[index], nullptr);
  }

 private:
  static constexpr int signals[] = {SIGINT, SIGQUIT, SIGTSTP};
  struct sigaction before_[std::size(signals)]{};
};

Error not_entered(const std::string& why) {
  return {.code = "E385",
          .exit = ExitCode::machine,
          .message = "cannot get into the host of the job: " + why,
          .fix = "do it as the user who started the job; gdb needs ptrace to be allowed (kernel.yama.ptrace_scope)"};
}

// Becomes part of the host, and then the command. Returns only when that fails, with what went wrong.
std::string enter_and_become(pid_t entrypoint, const std::vector<std::string>& command) try {
  enter(entrypoint);
  // A process namespace takes in children only.
  const pid_t pid = check(::fork(), "start a process");
  if (pid == 0) {
    if (::chdir("/opt/ml/code") != 0 && ::chdir("/") != 0) ::_exit(127);
    become(command);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(exit_code(status));
} catch (const CommandFailure& failure) {
  return failure.what();
}

class ProcessHost : public HostAccess {
 public:
  explicit ProcessHost(pid_t entrypoint) : entrypoint_(entrypoint) {}

  pid_t entrypoint() const override { return is_another(std::to_string(entrypoint_), "pid") ? 1 : entrypoint_; }
  Endpoint endpoint(int port) const override {
    return {is_another(std::to_string(entrypoint_), "net") ? "" : "127.0.0.1", port};
  }
  Result<int> run(const std::vector<std::string>& command) const override { return run(command, -1); }
  Result<std::string> ask(const std::vector<std::string>& command) const override;

 private:
  // `output` stands in for standard output unless it is negative.
  Result<int> run(const std::vector<std::string>& command, int output) const;

  pid_t entrypoint_;  // as this machine counts
};

// What is wrong comes through a pipe that a command which runs does not have.
Result<int> ProcessHost::run(const std::vector<std::string>& command, int output) const try {
  Pipe report = make_pipe();
  const LeaveKeysToCommand keys;
  const pid_t child = check(::fork(), "start a process");
  if (child == 0) {
    if (output >= 0) ::dup2(output, STDOUT_FILENO);
    keys.restore();
    const std::string why = enter_and_become(entrypoint_, command);
    [[maybe_unused]] const ssize_t written = ::write(report.write.get(), why.data(), why.size());
    ::_exit(127);
  }
  report.write.reset();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::array<char, 1024> why{};
  const ssize_t got = ::read(report.read.get(), why.data(), why.size());
  if (got > 0) return tl::unexpected(not_entered({why.data(), static_cast<std::size_t>(got)}));
  return exit_code(status);
} catch (const CommandFailure& failure) {
  return tl::unexpected(not_entered(failure.what()));
}

// So little fits into a pipe that nobody reads.
Result<std::string> ProcessHost::ask(const std::vector<std::string>& command) const try {
  Pipe output = make_pipe();
  if (auto ran = run(command, output.write.get()); !ran) return tl::unexpected(std::move(ran).error());
  output.write.reset();
  std::string text(4096, '\0');
  const ssize_t got = ::read(output.read.get(), text.data(), text.size());
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
} catch (const CommandFailure& failure) {
  return tl::unexpected(not_entered(failure.what()));
}

}  // namespace

Error not_running(const std::string& host) {
  return {.code = "E382",
          .exit = ExitCode::not_found,
          .message = "host '" + host + "' runs no program now: it is being prepared, or it ends",
          .fix = "look at the job's log, or try again"};
}

Result<std::unique_ptr<HostAccess>> access_process(const RunningHost& host) {
  const auto text = read_file(host.folder / process_file, 64);
  pid_t pid = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), pid).ec != std::errc{}) return nullptr;
  if (::access(("/proc/" + std::to_string(pid)).c_str(), F_OK) != 0) return tl::unexpected(not_running(host.name));
  return std::make_unique<ProcessHost>(pid);
}

}  // namespace smflow::engine
