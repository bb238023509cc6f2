#pragma once

#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>

namespace smflow::runtime {

// The entrypoint's own lines, in the toolkit's form: "2026-11-24 00:09:26,123 smflow-train INFO     message".
class Log {
 public:
  Log(int fd, const Clock& clock) : fd_(fd), clock_(clock) {}

  void info(std::string_view message) const { write("INFO", message); }
  void warning(std::string_view message) const { write("WARNING", message); }
  void error(std::string_view message) const { write("ERROR", message); }

 private:
  void write(std::string_view level, std::string_view message) const;

  int fd_;
  const Clock& clock_;
};

}  // namespace smflow::runtime
