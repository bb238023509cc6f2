#pragma once

#include "arguments.hpp"
#include "training_default_config.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/training/environment.hpp>

namespace smflow::gan {

// One training as asked for: the options in force and where everything is.
struct Job {
  TrainingConfig config = {};
  std::string configuration = {};  // equal texts: a checkpoint of one continues the other
  std::vector<Error> warnings = {};
  std::string host = {};
  bool data_is_a_part = false;  // of what the hosts train on together; otherwise every host has all
  std::filesystem::path data = {};
  std::filesystem::path model = {};        // weights
  std::filesystem::path output_data = {};  // metrics, samples, charts
  std::filesystem::path checkpoints = {};
  std::filesystem::path metrics_file = {};
};

// Error E339: no config, or no place given for something; errors of the config otherwise. The list is not
// empty.
tl::expected<Job, std::vector<Error>> make_job(const Arguments& arguments, const training::Environment& environment);

}  // namespace smflow::gan
