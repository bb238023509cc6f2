#include <gtest/gtest.h>

#include <smflow/docker/names.hpp>

namespace smflow::docker {
namespace {

TEST(ImageNames, TakesWhatARegistryTakes) {
  for (const char* name : {"gan_training", "team/gan-training", "a1", "a.b/c_d/e-f"}) {
    EXPECT_TRUE(is_repository_name(name)) << name;
  }
  for (const char* tag : {"build_0_1", "v1.2-rc.1", "_", "7"}) EXPECT_TRUE(is_tag(tag)) << tag;
}

TEST(ImageNames, RefusesWhatARegistryRefuses) {
  const std::string long_name(257, 'a');
  for (const char* name :
       {"", "a", "Gan", "a//b", "/ab", "ab/", "-ab", "ab-", "a__b", "a b", "ab:1", long_name.c_str()}) {
    EXPECT_FALSE(is_repository_name(name)) << name;
  }
  const std::string long_tag(129, 'a');
  for (const char* tag : {"", ".a", "-a", "a b", "a/b", "a:b", long_tag.c_str()}) EXPECT_FALSE(is_tag(tag)) << tag;
}

TEST(Platforms, HaveASystemAnArchitectureAndMaybeAVariant) {
  for (const char* platform : {"linux/amd64", "linux/arm64/v8"}) EXPECT_TRUE(is_platform(platform)) << platform;
  for (const char* platform :
       {"", "foo", "linux/", "/amd64", "linux//v8", "linux/arm64/v8/x", "linux/amd64,linux/arm64"}) {
    EXPECT_FALSE(is_platform(platform)) << platform;
  }
}

TEST(ImageNames, KnowTheirRegistry) {
  EXPECT_EQ(registry_of("127.0.0.1:5000/gan:1"), "127.0.0.1:5000");
  EXPECT_EQ(registry_of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan"),
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com");
  EXPECT_EQ(registry_of("localhost/gan"), "localhost");
  EXPECT_EQ(registry_of("pytorch/pytorch:2.3"), "");
  EXPECT_EQ(registry_of("debian"), "");
}

}  // namespace
}  // namespace smflow::docker
