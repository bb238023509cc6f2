#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/runtime/capture.hpp>

namespace smflow::runtime {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void become(char* const* argv, int output) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDERR_FILENO);
  dup2(output, STDOUT_FILENO);
  execvp(argv[0], argv);
  _exit(127);
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

// True at end of file, false at the deadline.
bool read_until(int fd, Clock::time_point deadline, std::size_t limit, std::string& output) {
  char buffer[16384];
  for (;;) {
    pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
    const int polled = poll(&ready, 1, milliseconds_until(deadline));
    if (polled == 0) return false;
    const ssize_t got = polled < 0 ? -1 : read(fd, buffer, sizeof buffer);
    if (got < 0 && errno != EINTR) return false;
    if (got == 0) return true;
    if (got > 0 && output.size() < limit) {
      output.append(buffer, std::min(static_cast<std::size_t>(got), limit - output.size()));
    }
  }
}

}  // namespace

std::optional<std::string> capture(const std::vector<std::string>& command, std::chrono::milliseconds timeout,
                                   std::size_t limit) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::vector<char*> argv;
  for (const std::string& item : command) argv.push_back(const_cast<char*>(item.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return std::nullopt;
  if (pid == 0) become(argv.data(), write_end.get());
  write_end.reset();

  std::string output;
  const bool complete = read_until(read_end.get(), Clock::now() + timeout, limit, output);
  if (!complete) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!complete || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return output;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
    std::string file = folder + "/" + name;
    if (!folder.empty() && folder.front() == '/' && access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace smflow::runtime
