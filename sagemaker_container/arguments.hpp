#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::gan {

// The command line. A SageMaker job gives --train_cfg_filename and --output_dir as hyperparameters; a person gives
// --config, --data and --out.
struct Arguments {
  enum class Action { train, print_schema, print_template, help };
  Action action = Action::train;
  std::string train_cfg_filename;        // in the channel `config`
  std::filesystem::path output_dir;      // for checkpoints
  std::filesystem::path config;          // a file; in place of train_cfg_filename
  std::filesystem::path data;            // a folder; in place of the channel `traindata`
  std::filesystem::path out;             // for everything; in place of the job's folders
  std::vector<std::string> assignments;  // SECTION.KEY=VALUE
};

// "--name value" and "--name=value". Error E338: an argument that is not known or lacks its value.
Result<Arguments> parse_arguments(const std::vector<std::string>& words);

extern const char* const usage_text;

}  // namespace smflow::gan
