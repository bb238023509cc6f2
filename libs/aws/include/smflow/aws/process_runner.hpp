#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::aws {

struct ProcessOutput {
  int exit_code = 0;  // 128 + n after signal n
  std::string out;
  std::string error;  // at most the first 4 KiB
};

struct ProcessLimits {
  std::chrono::milliseconds time{60'000};
  std::size_t bytes = 1u << 20;  // of standard output
};

// Runs a program of PATH without a shell and waits for it. E405 when it cannot be started, takes too long or prints too
// much; it is then killed with the processes it started, and reaped.
using ProcessRunner =
    std::function<Result<ProcessOutput>(const std::vector<std::string>& command, ProcessLimits limits)>;
Result<ProcessOutput> run_process(const std::vector<std::string>& command, ProcessLimits limits);

// The words of a command line as a POSIX shell splits them: quotes and backslashes, nothing else. None when a quote is
// not closed.
std::optional<std::vector<std::string>> split_command(std::string_view line);

}  // namespace smflow::aws
