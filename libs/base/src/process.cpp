#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <smflow/base/poll_timeout.hpp>
#include <smflow/base/process.hpp>
#include <smflow/base/unique_fd.hpp>

extern char** environ;

namespace smflow {

namespace {

using Deadline = std::chrono::steady_clock::time_point;

Error failed(const std::vector<std::string>& command, const std::string& why) {
  return {.code = "E399",
          .exit = ExitCode::machine,
          .message = "'" + command.front() + "' " + why,
          .fix = "run it by hand to see why; install it when it is missing"};
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    return true;
  }
};

// A process group of its own; killed and reaped at the end of its scope.
class Child {
 public:
  ~Child() {
    if (pid_ > 0) ::kill(-pid_, SIGKILL);
    if (pid_ > 0) wait();
  }
  int start(const std::vector<std::string>& command, int in, int out, int error) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, error, 2);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int result = ::posix_spawnp(&pid_, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (result != 0) pid_ = -1;
    return result;
  }
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  // True when it has ended; it is not reaped yet.
  bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
  }

 private:
  pid_t pid_ = -1;
};

// Appends what is there to `text` up to `limit`; closes the pipe at its end.
void drain(UniqueFd& fd, std::string& text, std::size_t limit) {
  char buffer[16384];
  const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) return fd.reset();
  text.append(buffer, std::min(static_cast<std::size_t>(got), limit - std::min(limit, text.size())));
}

enum class Reading { complete, too_late, too_much };

// Until both pipes are closed, or the child has ended and what it printed is read: its own children may keep them open.
Reading read_all(const Child& child, Pipe& out, Pipe& error, ProcessOutput& output, const ProcessLimits& limits) {
  constexpr std::size_t longest_complaint = 4096;
  constexpr int look_again = 50;
  const Deadline deadline = std::chrono::steady_clock::now() + limits.time;
  while (out.read || error.read) {
    std::array<pollfd, 2> ready = {{{out.read.get(), POLLIN, 0}, {error.read.get(), POLLIN, 0}}};
    const bool ended = child.has_ended();
    const int left = poll_timeout(deadline);
    const int events = ::poll(ready.data(), ready.size(), ended ? 0 : std::min(left, look_again));
    if (ready[0].revents != 0) drain(out.read, output.out, limits.bytes + 1);
    if (ready[1].revents != 0) drain(error.read, output.error, longest_complaint);
    if (output.out.size() > limits.bytes) return Reading::too_much;
    if (ended && events == 0) return Reading::complete;
    if (left == 0) return Reading::too_late;
  }
  while (!child.has_ended()) {
    if (poll_timeout(deadline) == 0) return Reading::too_late;
    ::poll(nullptr, 0, 1);
  }
  return Reading::complete;
}

// A descriptor from which the text is read. A pipe holds as much without a reader.
Result<UniqueFd> input_of(std::string_view text) {
  constexpr std::size_t longest = 4096;
  Pipe pipe;
  if (text.size() > longest) return tl::unexpected(Error{.code = "E901", .message = "more than 4 KiB of input"});
  if (!pipe.open()) return tl::unexpected(system_error("cannot make a pipe", errno));
  if (!text.empty() && ::write(pipe.write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return tl::unexpected(system_error("cannot write to a pipe", errno));
  }
  return std::move(pipe.read);
}

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& command, ProcessLimits limits,
                                  std::string_view input) {
  auto in = input_of(input);
  if (!in) return tl::unexpected(std::move(in).error());
  Pipe out;
  Pipe error;
  if (!out.open() || !error.open()) return tl::unexpected(system_error("cannot make a pipe", errno));
  Child child;
  const int started = child.start(command, in->get(), out.write.get(), error.write.get());
  in->reset();
  out.write.reset();
  error.write.reset();
  if (started != 0) return tl::unexpected(failed(command, "cannot be started: " + system_error_text(started)));
  ProcessOutput output;
  switch (read_all(child, out, error, output, limits)) {
    case Reading::too_late:
      return tl::unexpected(failed(command, "took longer than " + std::to_string(limits.time.count()) + " ms"));
    case Reading::too_much:
      return tl::unexpected(failed(command, "printed more than " + std::to_string(limits.bytes) + " bytes"));
    case Reading::complete:
      break;
  }
  output.exit_code = child.wait();
  return output;
}

int become_program(const std::vector<std::string>& argv, const std::string& program) {
  std::vector<char*> arguments;
  for (const std::string& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(program.empty() ? arguments.front() : program.c_str(), arguments.data());
  return errno;
}

}  // namespace smflow
