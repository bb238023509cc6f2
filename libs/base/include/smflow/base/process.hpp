#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow {

struct ProcessOutput {
  int exit_code = 0;  // 128 + n after signal n
  std::string out;
  std::string error;  // at most the first 4 KiB
};

struct ProcessLimits {
  std::chrono::milliseconds time{60'000};
  std::size_t bytes = 1u << 20;  // of standard output
};

// Runs a program of PATH without a shell and waits for it. E399 when it cannot be started, takes too long or prints too
// much; it is then killed with the processes it started, and reaped. `input`, at most 4 KiB (else E901), is its
// standard input.
Result<ProcessOutput> run_process(const std::vector<std::string>& command, ProcessLimits limits,
                                  std::string_view input = {});

// Becomes `program`, a path or a name of PATH, without a shell; it sees `argv`, whose first word is its name where
// `program` is empty. Comes back only when it cannot, with the errno of why.
int become_program(const std::vector<std::string>& argv, const std::string& program = {});

}  // namespace smflow
