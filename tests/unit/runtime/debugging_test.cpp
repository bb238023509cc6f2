#include <gtest/gtest.h>

#include <smflow/runtime/debugging.hpp>

namespace smflow::runtime {

TEST(DebuggingOf, IsWantedInTheHostThatIsNamedOnly) {
  const Variables all{{"SMFLOW_DEBUG", "wait"}};
  const Variables second{{"SMFLOW_DEBUG", "wait"}, {"SMFLOW_DEBUGGED_HOST", "algo-2"}};
  EXPECT_TRUE(debugging_of(all, "algo-1").wanted);
  EXPECT_FALSE(debugging_of(second, "algo-1").wanted);
  EXPECT_TRUE(debugging_of(second, "algo-2").wanted);
  EXPECT_FALSE(debugging_of({}, "algo-1").wanted);
}

}  // namespace smflow::runtime
