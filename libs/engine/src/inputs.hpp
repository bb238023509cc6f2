#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::engine {

// One channel as found on this machine.
struct Input {
  std::string channel;
  std::filesystem::path source;  // a folder or a regular file, absolute
  bool is_file = false;
  std::vector<std::string> left_out = {};  // objects that are not there, since their keys are not safe as paths
  // Below /opt/ml/input/data: "<channel>", or "<channel>/<file name>" for a file.
  std::filesystem::path place() const {
    return is_file ? std::filesystem::path(channel) / source.filename() : std::filesystem::path(channel);
  }
};

// Finds the data of a channel that names a folder or file of this machine. E101: missing or unreadable.
Result<Input> find_input(const plan::Channel& channel);

// E103 when the folder that is to stand as /opt/ml/code is none.
Result<void> check_code_folder(const plan::LocalOptions& local);

// What can be known to be wrong before anything starts: E103 the code folder that is given, E104 a value no job can
// have, E105 checkpoint path.
Result<void> check_plan(const plan::JobPlan& plan);

}  // namespace smflow::engine
