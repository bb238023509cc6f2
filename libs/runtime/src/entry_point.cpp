#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/capture.hpp>
#include <smflow/runtime/entry_point.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 3> usual_names = {"main", "main.py", "main.sh"};

Error failed(const char* code, ExitCode exit, std::string message, std::string fix) {
  return {.code = code, .exit = exit, .message = std::move(message), .fix = std::move(fix)};
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

ProgramKind kind_of(std::string_view name) {
  if (name.ends_with(".sh")) return ProgramKind::shell;
  return name.ends_with(".py") ? ProgramKind::python : ProgramKind::native;
}

std::string named_program(const Environment& environment) {
  const auto given = environment.given.find("SAGEMAKER_PROGRAM");
  if (given != environment.given.end() && !given->second.empty()) return given->second;
  return text_of(environment.hyperparameters.reserved, "sagemaker_program");
}

std::string usual_program(const fs::path& code) {
  for (const char* name : usual_names) {
    if (is_file(code / name)) return name;
  }
  return {};
}

Error nothing_to_run(const Environment& environment) {
  const fs::path code = environment.paths.code();
  const std::string source = text_of(environment.hyperparameters.reserved, "sagemaker_submit_directory");
  std::error_code ignored;
  if (!source.empty() && source != code.string() && fs::is_empty(code, ignored)) {
    return failed(
        "E232", ExitCode::configuration,
        "'" + code.string() + "' is empty, and the code in '" + source + "' is not fetched by this entrypoint",
        "put the program into the image, below /opt/ml/code");
  }
  return failed("E223", ExitCode::configuration,
                "no program is named, and '" + code.string() + "' has none of main, main.py and main.sh",
                "set CONTAINER.PROGRAM in the SageMaker config, or SAGEMAKER_PROGRAM in the image");
}

// The program's file, with the user's execute bit. False with errno set when it cannot be had.
bool make_executable(const fs::path& file) {
  if (faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) == 0) return true;
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return false;
  return chmod(file.c_str(), (status.st_mode & 07777) | S_IXUSR) == 0 &&
         faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) == 0;
}

std::string find_python() {
  const std::string python3 = find_program("python3");
  return python3.empty() ? find_program("python") : python3;
}

bool names_packages(const fs::path& requirements) {
  const auto text = read_file(requirements, 1u << 20);
  if (!text) return fs::exists(fs::status(requirements));
  for (const std::string& line : split(*text, '\n')) {
    const std::string_view content = trim(line);
    if (!content.empty() && content.front() != '#') return true;
  }
  return false;
}

}  // namespace

Result<EntryPoint> find_entry_point(const Environment& environment) {
  const fs::path code = environment.paths.code();
  std::string name = named_program(environment);
  if (name.empty()) name = usual_program(code);
  if (name.empty()) return tl::unexpected(nothing_to_run(environment));
  while (name.substr(0, 2) == "./") name.erase(0, 2);
  if (!is_safe_relative_path(name)) {
    return tl::unexpected(failed("E221", ExitCode::configuration,
                                 "the program '" + printable(name) + "' is not a path below '" + code.string() + "'",
                                 "name it relative to the code folder: 'main' or 'bin/train.py'"));
  }
  if (!is_file(code / name)) {
    return tl::unexpected(failed("E222", ExitCode::not_found,
                                 "there is no program '" + printable(name) + "' in '" + code.string() + "'",
                                 "check CONTAINER.PROGRAM and what the image copies to /opt/ml/code"));
  }
  return EntryPoint{name, kind_of(name), to_arguments(environment.hyperparameters.user)};
}

Result<std::vector<std::string>> command_of(const EntryPoint& program, const fs::path& code) {
  std::vector<std::string> command;
  if (program.kind == ProgramKind::python) {
    const std::string python = find_python();
    if (python.empty()) {
      return tl::unexpected(
          failed("E225", ExitCode::machine,
                 "'" + program.name + "' is a Python program, but PATH has neither python3 nor python",
                 "install python3 in the image"));
    }
    command = {python, program.name};
  } else if (make_executable(code / program.name)) {
    command = {"./" + program.name};
  } else if (program.kind == ProgramKind::shell) {
    command = {"/bin/sh", "./" + program.name};
  } else {
    return tl::unexpected(
        failed("E224", ExitCode::permission,
               "'" + program.name + "' is not executable and cannot be made so: " + system_error_text(errno),
               "run 'chmod +x' on it before it is copied into the image"));
  }
  command.insert(command.end(), program.arguments.begin(), program.arguments.end());
  return command;
}

std::vector<std::string> requirements_command(const EntryPoint& program, const fs::path& code) {
  if (program.kind != ProgramKind::python || !names_packages(code / "requirements.txt")) return {};
  return {find_python(), "-m", "pip", "install", "-r", "requirements.txt"};
}

}  // namespace smflow::runtime
