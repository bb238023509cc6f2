#include <gtest/gtest.h>

#include <smflow/base/process.hpp>

namespace smflow {
namespace {

TEST(RunProcess, GivesInputAndTakesOutput) {
  const auto output = run_process({"cat"}, {}, "some\ntext");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->exit_code, 0);
  EXPECT_EQ(output->out, "some\ntext");
  EXPECT_EQ(run_process({"cat"}, {})->out, "");
}

TEST(RunProcess, DoesNotWaitForAProgramThatLeavesItsInput) {
  EXPECT_EQ(run_process({"true"}, {}, std::string(4096, 'x'))->exit_code, 0);
  EXPECT_EQ(run_process({"true"}, {}, std::string(4097, 'x')).error().code, "E901");
}

}  // namespace
}  // namespace smflow
