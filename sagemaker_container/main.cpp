#include "program.hpp"

#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <smflow/base/crash_report.hpp>

int main(int count, char** words) {
  smflow::install_crash_handlers();
  try {
    return smflow::gan::run_program({words + 1, words + count});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "error: {}\n", problem.what());
    return 1;
  }
}
