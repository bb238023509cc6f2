#pragma once

#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>

namespace smflow::cli {

// An error as people read it:
//   error[E012]: not a choice: "FileFast"
//     --> configs/sagemaker_config.yaml:6:15
//     |
//   6 |   INPUT_MODE: FileFast
//     |               ^~~~~~~~
//     = fix: one of File, FastFile, Pipe
std::string render_error(const Error& error, const Screen& screen);
std::string render_warning(const Error& warning, const Screen& screen);

// {"schema":"smflow.error/1","errors":[{"code","exit","message","where":{"file","line","column"},"fix","docs"}]}
std::string errors_as_json(const std::vector<Error>& errors);

}  // namespace smflow::cli
