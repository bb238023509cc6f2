#pragma once

#include "line_splitter.hpp"

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::engine {

// One host's log on its way: from its pipe, cut into lines, credentials masked, to the observer and to a file. Memory
// is bounded. A disk without room ends the file, not the log.
class HostLog {
 public:
  // `clock` lives longer.
  HostLog(std::string host, std::filesystem::path file, const Clock& clock);

  // Reads what the pipe holds now; false when it has ended.
  bool pump(int pipe, plan::JobObserver& observer);
  // Flushes; to be called once, after the end.
  void finish(plan::JobObserver& observer);

  const std::string& host() const { return host_; }
  const std::filesystem::path& file() const { return file_path_; }
  // The last lines, oldest first, each shortened.
  const std::deque<std::string>& tail() const { return tail_; }

 private:
  void take(std::string_view line, plan::JobObserver& observer);
  void remember(std::string_view line);
  void write_out();

  std::string host_;
  std::filesystem::path file_path_;
  const Clock& clock_;
  UniqueFd file_;
  LineSplitter splitter_;
  std::string unwritten_;
  std::deque<std::string> tail_;
  bool inside_private_key_ = false;  // its other lines are left out
  int private_key_lines_ = 0;
};

// False when redact() would not change the line; a quick look, for logs of gigabytes.
bool may_hold_a_secret(std::string_view line);

}  // namespace smflow::engine
