#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/console/client.hpp>
#include <smflow/runtime/debugging.hpp>
#include <smflow/runtime/entrypoint.hpp>
#include <smflow/runtime/failure.hpp>

namespace smflow::runtime {

namespace {

constexpr int usage_exit = 2;

constexpr const char* help =
    "usage: train [train | console]\n"
    "\n"
    "Runs the training program of this container as SageMaker asks: reads /opt/ml/input/config, sets the SM_*\n"
    "variables, starts the program in /opt/ml/code and reports how it ended.\n"
    "\n"
    "  console     join the terminal of a program that is debugged; Ctrl-] leaves it\n"
    "  --help      print this\n"
    "  --version   print the version\n"
    "\n"
    "The program is SAGEMAKER_PROGRAM, else the hyperparameter sagemaker_program, else the first of main, main.py and\n"
    "main.sh in /opt/ml/code. SAGEMAKER_BASE_DIR names another folder than /opt/ml.\n"
    "The exit code is the program's; 128 + n when signal n killed it. The reason of a failure is in\n"
    "/opt/ml/output/failure.\n";

int print(int fd, const std::string& text) {
  return write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
}

int refuse(const std::string& argument) {
  const std::string message = "train: unknown argument '" + printable(argument) + "'";
  print(STDERR_FILENO, message + "\ntry: train --help\n");
  // The platform shows nothing else of a container that ends at once.
  if (const auto written = write_failure(paths_from_environment(), message); !written) {
    print(STDERR_FILENO, "train: " + written.error().message + "\n");
  }
  return usage_exit;
}

int join_console() {
  const auto left = console::join(debugging_of(own_variables(), "").folder);
  if (left) return print(STDERR_FILENO, *left == console::Left::before_its_end ? "\nleft; the program goes on\n" : "");
  print(STDERR_FILENO, "train: " + left.error().message + "\nfix: " + left.error().fix + "\n");
  return static_cast<int>(left.error().exit);
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, const std::string& version) {
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") return print(STDOUT_FILENO, help);
    if (argument == "--version") return print(STDOUT_FILENO, "train (smflow) " + version + "\n");
    if (argument == "console") return join_console();
    if (argument != "train") return refuse(argument);
  }
  return run_training(paths_from_environment());
}

}  // namespace smflow::runtime
