#include <gtest/gtest.h>

#include <smflow/plan/instance_shape.hpp>

namespace smflow::plan {
namespace {

constexpr std::uint64_t gibibyte = 1u << 30;

TEST(InstanceShapeTest, IsThatOfAmazonsTables) {
  struct Known {
    const char* type;
    int cpus;
    std::uint64_t memory;
  };
  for (const Known& known :
       {Known{"ml.m5.large", 2, 8}, Known{"ml.m5.24xlarge", 96, 384}, Known{"ml.c5.9xlarge", 36, 72},
        Known{"ml.g5.xlarge", 4, 16}, Known{"ml.g4dn.12xlarge", 48, 192}, Known{"ml.p3.2xlarge", 8, 61},
        Known{"ml.p4d.24xlarge", 96, 1152}, Known{"ml.r5.4xlarge", 16, 128}, Known{"ml.t3.medium", 2, 4},
        Known{"ml.c4.2xlarge", 8, 15}}) {
    const auto shape = instance_shape(known.type);
    ASSERT_TRUE(shape) << known.type;
    EXPECT_EQ(shape->cpus, known.cpus) << known.type;
    EXPECT_EQ(shape->memory, known.memory * gibibyte) << known.type;
  }
}

TEST(InstanceShapeTest, IsNoneForWhatIsNotKnown) {
  for (const char* type : {"", "local", "m5.large", "ml.m5", "ml.m5.", "ml.m5.xxlarge", "ml.m5.0xlarge", "ml.zz9.large",
                           "ml.m5.-2xlarge", "ml.m5.2xlarge.x"}) {
    EXPECT_FALSE(instance_shape(type)) << type;
  }
}

}  // namespace
}  // namespace smflow::plan
