#include <cctype>
#include <cstring>

#include <smflow/base/error.hpp>

namespace smflow {

std::string system_error_text(int errno_value) {
  std::string text = strerror(errno_value);
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  const char* name = strerrorname_np(errno_value);
  return name == nullptr ? text : text + " (" + name + ")";
}

Error system_error(const std::string& what, int errno_value) {
  std::string fix;
  if (errno_value == ENOSPC) fix = "free some disk space, then run the same command again";
  return {
      .code = "E900", .exit = ExitCode::machine, .message = what + ": " + system_error_text(errno_value), .fix = fix};
}

}  // namespace smflow
