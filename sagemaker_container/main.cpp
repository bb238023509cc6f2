#include "program.hpp"

#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

int main(int count, char** words) {
  try {
    return smflow::gan::run_program({words + 1, words + count});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "error: {}\n", problem.what());
    return 1;
  }
}
