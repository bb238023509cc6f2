#include <cstdio>
#include <exception>

#include <smflow/runtime/entrypoint.hpp>

int main(int argc, char** argv) {
  try {
    return smflow::runtime::run_command_line({argv + 1, argv + argc}, SMFLOW_VERSION);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train: %s\n", error.what());
    return 1;
  }
}
