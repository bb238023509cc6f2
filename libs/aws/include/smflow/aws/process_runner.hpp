#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/process.hpp>

namespace smflow::aws {

// How a credential process is run: smflow::run_process, whose failures are E405 here.
using ProcessRunner =
    std::function<Result<ProcessOutput>(const std::vector<std::string>& command, ProcessLimits limits)>;
Result<ProcessOutput> run_process(const std::vector<std::string>& command, ProcessLimits limits);

// The words of a command line as a POSIX shell splits them: quotes and backslashes, nothing else. None when a quote is
// not closed.
std::optional<std::vector<std::string>> split_command(std::string_view line);

}  // namespace smflow::aws
