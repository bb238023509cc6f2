#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace smflow {

// Exit codes of every command (docs/guide/errors.md).
enum class ExitCode : int {
  success = 0,
  bug = 1,
  usage = 2,
  configuration = 3,  // configuration or record invalid, or a secret found
  permission = 4,     // credentials missing, expired, or not allowed
  machine = 5,        // this machine: engine, GPU, disk
  service = 6,        // throttled, quota, network
  job_failed = 10,
  job_stopped = 11,
  time_limit = 12,
  not_found = 13,
  conflict = 14,
  interrupted = 130,
  terminated = 143,
};

// A place in a text file. Lines and columns count from 1; columns count characters, not bytes.
struct Where {
  std::string file;
  int line = 0;
  int column = 0;
};

// One failure, ready to be shown. `message` is lower case, quotes the thing, states the value and has no final dot;
// `fix` is what the user can type or change, empty when unknown. `code` is "E" and three digits, each with an entry in
// docs/guide/errors.md.
struct Error {
  std::string code;
  ExitCode exit = ExitCode::bug;
  std::string message;
  std::string fix = {};
  std::optional<Where> where = {};
  std::string excerpt = {};  // source line with a caret below it; empty when there is no place to show
};

// The rule of the code base: a failure that the caller is expected to handle is a Result; a failure that ends the
// command is a CommandFailure. One handler, in apps/smflow, turns the latter into text and an exit code.
template <class T>
using Result = tl::expected<T, Error>;

class CommandFailure : public std::exception {
 public:
  explicit CommandFailure(Error error) : errors_{std::move(error)} {}
  // All errors of one input, reported together; `errors` is not empty. The first one's exit code is the command's.
  explicit CommandFailure(std::vector<Error> errors) : errors_(std::move(errors)) {}

  const std::vector<Error>& errors() const { return errors_; }
  const char* what() const noexcept override { return errors_.front().message.c_str(); }

 private:
  std::vector<Error> errors_;
};

// The value, or a CommandFailure with the error.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw CommandFailure(std::move(result).error());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// Text of `errno_value` as "no space left on device (ENOSPC)".
std::string system_error_text(int errno_value);

// E900: a system call failed. `what` names the action and the thing: "cannot write '/a/b'".
Error system_error(const std::string& what, int errno_value);

}  // namespace smflow
