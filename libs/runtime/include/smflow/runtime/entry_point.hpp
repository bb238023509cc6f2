#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

enum class ProgramKind { native, shell, python };

// The program of the job, a file below /opt/ml/code.
struct EntryPoint {
  std::string name;  // "main", "bin/train.py"
  ProgramKind kind = ProgramKind::native;
  std::vector<std::string> arguments;  // from the hyperparameters
};

// Which program: SAGEMAKER_PROGRAM, else the hyperparameter sagemaker_program, else the first of "main", "main.py" and
// "main.sh" that the code folder has. Errors: E221 the name leaves the folder; E222 no such file; E223 none is named;
// E232 the folder is empty and the code would have to be fetched.
Result<EntryPoint> find_entry_point(const Environment& environment);

// The command that runs it, in the code folder. A program without the execute bit gets u+x where the file system
// allows it. Errors: E224 it cannot be made executable; E225 there is no Python.
//
// Unlike the toolkit, a setup.py beside a Python program does not turn the folder into a package, so that a stray file
// never changes what runs, and arguments reach a program without passing through a shell.
Result<std::vector<std::string>> command_of(const EntryPoint& program, const std::filesystem::path& code);

// `python3 -m pip install -r requirements.txt` for a Python program whose folder has requirements, else empty.
std::vector<std::string> requirements_command(const EntryPoint& program, const std::filesystem::path& code);

}  // namespace smflow::runtime
