#include "instance_type.hpp"

#include "fake_services.hpp"

namespace smflow::preflight {
namespace {

TEST(InstanceType, TellsItsProcessor) {
  for (const char* type :
       {"ml.c6g.xlarge", "ml.c7gn.2xlarge", "ml.m6gd.large", "ml.g5g.xlarge", "ml.p6e-gb200.36xlarge"})
    EXPECT_STREQ(architecture_of(type), "arm64") << type;
  for (const char* type : {"ml.g5.xlarge", "ml.g4dn.xlarge", "ml.p4de.24xlarge", "ml.g6e.xlarge", "ml.c5n.xlarge",
                           "ml.p6-b200.48xlarge", "ml.trn1.2xlarge", "ml..", "ml.x.y", ""})
    EXPECT_STREQ(architecture_of(type), "amd64") << type;
}

TEST(InstanceType, TellsWhetherItHasItsOwnDisk) {
  for (const char* type : {"ml.g4dn.xlarge", "ml.g5.xlarge", "ml.p4d.24xlarge", "ml.m5d.large", "ml.p5.48xlarge"})
    EXPECT_TRUE(has_own_disk(type)) << type;
  for (const char* type : {"ml.m5.xlarge", "ml.p3.2xlarge", "ml.c5.large", "ml.d.large", ""})
    EXPECT_FALSE(has_own_disk(type)) << type;
}

TEST_F(PreflightTest, AKeyForADiskThatTakesNoneIsAnError) {
  plan_.platform.volume_kms_key = "alias/key";
  EXPECT_EQ(only(check_disks(plan_)).report.code, "E233");
  plan_.instance_type = "ml.m5.xlarge";
  EXPECT_TRUE(check_disks(plan_).empty());
}

}  // namespace
}  // namespace smflow::preflight
