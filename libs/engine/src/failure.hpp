#pragma once

#include <deque>
#include <filesystem>
#include <string>

#include <smflow/base/clock.hpp>

namespace smflow::engine {

// What is known of the first host that failed.
struct HostFailure {
  std::string host;
  WallTime time = {};
  int exit_code = 0;
  bool out_of_memory = false;            // known to have been killed for that
  std::string failure_file = {};         // its text; empty when there is none
  std::deque<std::string> tail = {};     // last lines of the log
  std::filesystem::path full_disk = {};  // set when the disk below this folder has no room left
};

// When a host failed: when it wrote this failure file; now, when there is none.
WallTime time_of_failure(const std::filesystem::path& file);

// FailureReason in the platform's manner, at most 1024 characters: class, cause, exit code. Credentials are masked.
std::string failure_reason(const HostFailure& failure, bool name_the_host);

// The failure file's text as far as a reason can hold it; empty when there is none. The program may have put anything
// there, also a pipe or a link: those are not followed.
std::string read_failure_file(const std::filesystem::path& file);

}  // namespace smflow::engine
