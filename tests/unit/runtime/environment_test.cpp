#include "sample_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string error_of(const std::string& resources, const std::string& hyperparameters = "{}",
                     const std::string& channels = "{}") {
  const test::TemporaryFolder folder;
  const auto environment = read_environment(write_contract(folder, resources, hyperparameters, channels), {});
  return environment ? "" : environment.error().code;
}

}  // namespace

TEST(Environment, NeedsTheResourceConfigurationOnly) {
  const test::TemporaryFolder folder;
  const auto missing = read_environment({.base = folder.path()}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "E220");
  folder.write("input/config/resourceconfig.json", R"({"current_host": "algo-1", "hosts": ["algo-1"]})");
  const auto environment = read_environment({.base = folder.path()}, {});
  ASSERT_TRUE(environment) << environment.error().message;
  EXPECT_THAT(environment->channels, IsEmpty());
  EXPECT_THAT(environment->hyperparameters.user, IsEmpty());
}

TEST(Environment, ToleratesAMarkAndNull) {
  EXPECT_EQ(error_of(std::string("\xEF\xBB\xBF") + two_hosts, "\xEF\xBB\xBF{\"a\": \"1\"}", "null"), "");
  EXPECT_EQ(error_of(two_hosts, "null"), "");
}

TEST(Environment, RefusesBadFilesByName) {
  EXPECT_EQ(error_of("not json"), "E902");
  EXPECT_EQ(error_of("{}"), "E212");
  EXPECT_EQ(error_of(two_hosts, R"({"a": 1})"), "E210");
  EXPECT_EQ(error_of(two_hosts, "{}", R"({"../x": {}})"), "E211");
  EXPECT_EQ(error_of(two_hosts, R"({"a": "\u0000"})"), "E211");
}

TEST(Environment, KeepsTheOrderOfTheHyperparameters) {
  const test::TemporaryFolder folder;
  const auto environment = read_environment(write_contract(folder, two_hosts, R"({"b": "1", "A": "2", "a": "3"})"), {});
  ASSERT_TRUE(environment);
  EXPECT_THAT(environment->hyperparameter_order, ElementsAre("b", "A", "a"));
}

TEST(Environment, MasterIsTheFirstInTextOrderOnEveryHost) {
  const Environment environment = sample_environment({{"sagemaker_mpi_enabled", "true"}});
  EXPECT_THAT(distribution_groups(environment), ElementsAre("homogeneousCluster"));
  EXPECT_THAT(distribution_hosts(environment), ElementsAre("algo-2", "algo-1"));
  EXPECT_EQ(master_host(environment), "algo-1");
  EXPECT_EQ(master_host(sample_environment()), "algo-1");
}

TEST(Environment, DistributesToTheNamedGroups) {
  const std::string resources =
      R"({"current_host": "algo-1", "hosts": ["algo-1", "algo-2", "algo-3"], "current_group_name": "a",
          "instance_groups": [{"instance_group_name": "a", "hosts": ["algo-1"]},
                              {"instance_group_name": "b", "hosts": ["algo-3", "algo-2"]}]})";
  const Environment environment =
      sample_environment({{"sagemaker_distribution_instance_groups", "[\"b\"]"}}, resources);
  EXPECT_THAT(distribution_hosts(environment), ElementsAre("algo-3", "algo-2"));
  EXPECT_EQ(master_host(environment), "algo-2");
}

TEST(Region, IsTheFirstThatIsKnown) {
  const std::string arn = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/x";
  EXPECT_EQ(region_of({{"AWS_REGION", "a"}, {"AWS_DEFAULT_REGION", "b"}, {"TRAINING_JOB_ARN", arn}}), "a");
  EXPECT_EQ(region_of({{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "b"}}), "b");
  EXPECT_EQ(region_of({{"TRAINING_JOB_ARN", arn}}), "eu-west-1");
  EXPECT_EQ(region_of({{"TRAINING_JOB_ARN", "arn"}}), "");
  EXPECT_EQ(region_of({}), "");
}

}  // namespace smflow::runtime
