#pragma once

#include <string>
#include <vector>

#include <smflow/contract/contract.hpp>

namespace smflow::runtime {

// The base folder: SAGEMAKER_BASE_DIR, else /opt/ml.
contract::Paths paths_from_environment();

// The whole life of a training container: reads the contract, runs the program, leaves `success` or `failure` in the
// output folder, and returns the exit code of the process: the program's own, 128 + n when signal n killed it, and for
// a failure before the program 126 or 127 as in a shell, or the exit code of the error. Never 0 after a failure.
int run_training(const contract::Paths& paths);

// The command line of `train`: no argument or "train" runs the training, "console" joins the console of a program that
// is debugged, --help and --version print; anything else is refused with exit code 2.
int run_command_line(const std::vector<std::string>& arguments, const std::string& version);

}  // namespace smflow::runtime
