#pragma once

#include <string>
#include <vector>

#include <smflow/runtime/entry_point.hpp>
#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

struct ProgramVariables {
  Variables all;                      // what the program's environment is, the given variables included
  std::vector<std::string> left_out;  // names that no process can be given: "=" inside, or 128 KiB and more
};

// Every SM_* variable with the toolkit's name and format, and besides: an alias with "_" for each "-" and "." in a name
// (dash drops variables whose names are not identifiers); SM_HOST_COUNT, SM_CURRENT_HOST_RANK, SM_MASTER_ADDR,
// SM_MASTER_PORT, SM_INPUT_DATA_DIR, SM_OUTPUT_FAILURE of the newer driver scripts; CURRENT_HOST, SAGEMAKER_REGION,
// SAGEMAKER_JOB_NAME; PYTHONPATH with the code folder first; PYTHONUNBUFFERED and PYTHONFAULTHANDLER unless given.
ProgramVariables program_variables(const Environment& environment, const EntryPoint& program);

}  // namespace smflow::runtime
