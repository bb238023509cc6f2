#include <unistd.h>

#include <smflow/runtime/log.hpp>

namespace smflow::runtime {

void Log::write(std::string_view level, std::string_view message) const {
  // "2026-11-24T00:09:26.123Z" with the separators of Python's logging.
  std::string line = format_utc(clock_.now());
  line[10] = ' ';
  line[19] = ',';
  line.back() = ' ';
  line.append("smflow-train ").append(level).append(9 - level.size(), ' ').append(message) += '\n';
  // One write, so that lines of other processes do not get in between.
  [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

}  // namespace smflow::runtime
