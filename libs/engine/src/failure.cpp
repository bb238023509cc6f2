#include "failure.hpp"

#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::engine {

namespace {

std::string how_it_ended(const HostFailure& failure) {
  const int exit_code = failure.exit_code;
  if (failure.out_of_memory) return "OutOfMemory: the program was killed because its host has no more memory";
  if (exit_code == 128 + SIGKILL) {
    return "the program was killed (SIGKILL); the machine may have run out of memory";
  }
  const char* name = exit_code > 128 ? ::sigabbrev_np(exit_code - 128) : nullptr;
  if (name != nullptr) return std::string("the program was killed by SIG") + name;
  return "the program failed and wrote no failure file";
}

// The newest lines that fit, oldest first.
std::string last_lines(const std::deque<std::string>& tail, std::size_t characters) {
  std::string text;
  for (auto line = tail.rbegin(); line != tail.rend(); ++line) {
    if (text.size() + line->size() + 1 > characters) break;
    text = *line + (text.empty() ? "" : "\n") + text;
  }
  return text;
}

}  // namespace

std::string failure_reason(const HostFailure& failure, bool name_the_host) {
  std::string text = "AlgorithmError: ";
  if (name_the_host) text += failure.host + ": ";
  if (!failure.full_disk.empty()) {
    text += "no space left on device (ENOSPC): the disk that holds '" + failure.full_disk.string() + "' is full; ";
  }
  const std::string suffix = ", exit code: " + std::to_string(failure.exit_code);
  if (!failure.failure_file.empty()) {
    text += failure.failure_file;
  } else {
    text += how_it_ended(failure);
    const std::string lines = last_lines(failure.tail, 600);
    if (!lines.empty()) text += "; last lines of the log:\n" + lines;
  }
  const std::string clean = contract::failure_reason(redact(text));
  return std::string(utf8_prefix_characters(clean, contract::failure_reason_characters - suffix.size())) + suffix;
}

WallTime time_of_failure(const std::filesystem::path& file) {
  std::error_code missing;
  const auto time = std::filesystem::last_write_time(file, missing);
  if (missing) return SystemClock().now();
  return std::chrono::floor<WallTime::duration>(std::chrono::file_clock::to_sys(time));
}

std::string read_failure_file(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  // A character takes at most four bytes.
  std::string text(4 * contract::failure_reason_characters, '\0');
  const ssize_t got = ::pread(fd.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return contract::failure_reason(text);
}

}  // namespace smflow::engine
