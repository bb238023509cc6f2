#pragma once

#include <cerrno>
#include <string>

#include <smflow/base/error.hpp>

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

}  // namespace smflow::engine
