#include "cli.hpp"

#include <smflow/engine/sandbox_main.hpp>

int main(int argc, char** argv) {
  // The engine starts this very program again to build a sandbox, and expects a process without threads.
  if (const auto exit_code = smflow::engine::run_if_sandbox(argc, argv)) return *exit_code;
  return smflow::cli::run(argc, argv);
}
