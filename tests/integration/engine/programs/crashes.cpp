// Dies in the way that the variable CRASH names; "log" writes LOG_BYTES to stdout first.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include <smflow/base/crash_report.hpp>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

// Outside the anonymous namespace: backtraces name exported functions only.
__attribute__((noinline)) int load_batch(int size) {
  if (size % 2 != 0) throw std::out_of_range("batch size 7 is odd");
  return size / 2;
}

__attribute__((noinline)) int read_pixel(const volatile int* image) {
  return *image;
}

// Lines of 64 bytes, and "the end of it" as the last.
void write_log(std::size_t bytes) {
  const std::string line = std::string(63, 'x') + "\n";
  std::string block;
  for (int i = 0; i < 16384; ++i) block += line;
  while (bytes > 0) {
    const ssize_t written = write(STDOUT_FILENO, block.data(), std::min(bytes, block.size()));
    if (written < 0) std::exit(99);
    // A pipe may have taken a part: go on where it stopped.
    std::rotate(block.begin(), block.begin() + written % 64, block.end());
    bytes -= static_cast<std::size_t>(written);
  }
  const char last[] = "the end of it\n";
  if (write(STDOUT_FILENO, last, sizeof last - 1) < 0) std::exit(99);
}

int main() {
  const std::string how = variable("CRASH");
  if (how.substr(0, 6) != "plain-") smflow::install_crash_handlers();
  if (how == "throw" || how == "plain-throw") return load_batch(7);
  if (how == "segfault" || how == "plain-segfault") return read_pixel(nullptr);
  if (how == "abort") std::abort();
  if (how == "log") {
    write_log(std::stoull(variable("LOG_BYTES")));
    return 7;
  }
  return 98;
}
