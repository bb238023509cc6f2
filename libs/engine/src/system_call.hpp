#pragma once

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

// Inside the sandbox process a failed step ends the set-up: it is thrown, caught once, and told to the launcher.
namespace smflow::engine {

[[noreturn]] inline void fail(const std::string& what, int errno_value = errno) {
  throw CommandFailure(system_error("cannot " + what, errno_value));
}

// The result of a system call that answers -1 on failure; `what` completes "cannot ...".
template <class T>
T check(T result, const std::string& what) {
  if (result == T(-1)) fail(what);
  return result;
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

inline Pipe make_pipe() {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// As a shell has it: 128 + n after signal n.
inline int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace smflow::engine
