#include <gtest/gtest.h>

#include <smflow/contract/contract.hpp>

namespace smflow::contract {
namespace {

TEST(ContractPaths, AreThePlatformsFolders) {
  const Paths paths;
  EXPECT_EQ(paths.hyperparameters_file(), "/opt/ml/input/config/hyperparameters.json");
  EXPECT_EQ(paths.resource_config_file(), "/opt/ml/input/config/resourceconfig.json");
  EXPECT_EQ(paths.input_data_config_file(), "/opt/ml/input/config/inputdataconfig.json");
  EXPECT_EQ(paths.channel("train"), "/opt/ml/input/data/train");
  EXPECT_EQ(paths.failure_file(), "/opt/ml/output/failure");
  EXPECT_EQ(paths.output_data(), "/opt/ml/output/data");
}

TEST(ContractWrite, OneGroupStandsForAllHostsAsOnThePlatform) {
  ResourceConfig config;
  config.current_host = "algo-1";
  config.current_instance_type = "ml.c5.xlarge";
  config.hosts = {"algo-1", "algo-2"};
  EXPECT_EQ(to_json(config), Json::parse(R"({
    "current_host": "algo-1", "current_instance_type": "ml.c5.xlarge", "current_group_name": "homogeneousCluster",
    "hosts": ["algo-1", "algo-2"],
    "instance_groups": [{"instance_group_name": "homogeneousCluster", "instance_type": "ml.c5.xlarge",
                         "hosts": ["algo-1", "algo-2"]}],
    "network_interface_name": "eth0", "topology": null})"));
}

TEST(ContractWrite, NamedGroupsKeepTheOrderOfTheirHosts) {
  ResourceConfig config;
  config.current_host = "algo-2";
  config.current_group_name = "gpu";
  config.hosts = {"algo-1", "algo-2", "algo-3"};
  config.instance_groups = {{"gpu", "ml.g5.xlarge", {"algo-3", "algo-2"}}, {"cpu", "ml.c5.large", {"algo-1"}}};
  const Json written = to_json(config);
  EXPECT_EQ(written["instance_groups"][0]["hosts"], Json({"algo-3", "algo-2"}));
  EXPECT_EQ(written["instance_groups"][1]["instance_group_name"], "cpu");
  EXPECT_EQ(written["current_group_name"], "gpu");
}

TEST(ContractWrite, WhatIsWrittenCanBeRead) {
  ResourceConfig config;
  config.current_host = "algo-10";
  config.current_instance_type = "local";
  config.hosts = host_names(10);
  const auto read = parse_resource_config(to_json(config).dump(), "resourceconfig.json");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->hosts, config.hosts);
  EXPECT_EQ(read->current_host, "algo-10");
  ASSERT_EQ(read->instance_groups.size(), 1u);
  EXPECT_EQ(read->instance_groups[0].hosts, config.hosts);
}

TEST(ContractWrite, FastFileIsWrittenAsFileAndContentTypeOnlyWhenSet) {
  const InputDataConfig config{{"train", {.training_input_mode = "FastFile", .content_type = "text/csv"}},
                               {"stream", {.training_input_mode = "Pipe", .record_wrapper_type = "RecordIO"}}};
  EXPECT_EQ(to_json(config), Json::parse(R"({
    "train": {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None",
              "ContentType": "text/csv"},
    "stream": {"TrainingInputMode": "Pipe", "S3DistributionType": "FullyReplicated",
               "RecordWrapperType": "RecordIO"}})"));
}

TEST(ContractWrite, NothingToSayIsAnEmptyObject) {
  EXPECT_EQ(to_json(InputDataConfig{}).dump(), "{}");
  EXPECT_EQ(to_json(Hyperparameters{}).dump(), "{}");
}

TEST(ContractWrite, HyperparametersStayText) {
  EXPECT_EQ(to_json(Hyperparameters{{"epochs", "12"}, {"name", "\"x\""}}).dump(), R"({"epochs":"12","name":"\"x\""})");
}

TEST(ContractHostNames, AreSortedAsTextSoTenComesBeforeTwo) {
  EXPECT_EQ(host_names(1), std::vector<std::string>{"algo-1"});
  const auto names = host_names(11);
  EXPECT_EQ(names[1], "algo-10");
  EXPECT_EQ(names[2], "algo-11");
  EXPECT_EQ(names[3], "algo-2");
  EXPECT_TRUE(host_names(0).empty());
}

TEST(ContractFailureReason, KeepsTheFirst1024CharactersNotBytes) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "é";
  const std::string reason = failure_reason(text);
  EXPECT_EQ(reason.size(), 2 * failure_reason_characters);
  EXPECT_EQ(reason.substr(reason.size() - 2), "é");
}

TEST(ContractFailureReason, DropsTrailingSpaceAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(failure_reason("out of memory \n\n"), "out of memory");
  EXPECT_EQ(failure_reason("bad \xff byte"), "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(failure_reason("red \x1b[31m"), "red \\x1b[31m");
  EXPECT_EQ(failure_reason(""), "");
}

}  // namespace
}  // namespace smflow::contract
