#include <gtest/gtest.h>

#include <smflow/engine/sandbox_main.hpp>

// The engine runs its sandbox under a copy of the running program, which is this one.
int main(int argc, char** argv) {
  if (const auto code = smflow::engine::run_if_sandbox(argc, argv)) return *code;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
