#include "sample_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/program_variables.hpp>

namespace smflow::runtime {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr const char* two_channels =
    R"({"train": {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"},
        "my-val.set": {"TrainingInputMode": "File"}})";

Variables variables_of(const Environment& environment, const EntryPoint& program) {
  return program_variables(environment, program).all;
}

}  // namespace

// The toolkit's names and formats, one row each.
TEST(ProgramVariables, AreThoseOfTheToolkit) {
  const Environment environment = sample_environment(
      {{"epochs", "12"},
       {"lr", "1e-05"},
       {"batch-size", "64"},
       {"flag", "true"},
       {"sagemaker_extra", "[1, 2]"},
       {"sagemaker_job_name", "\"old name\""}},
      two_hosts, two_channels, {{"TRAINING_JOB_NAME", "job-7"}, {"AWS_REGION", "eu-west-1"}, {"MINE", "kept"}});
  const EntryPoint program{"fit.py", ProgramKind::python, {"--epochs", "12"}};
  const Variables golden = {
      {"MINE", "kept"},
      {"TRAINING_JOB_NAME", "job-7"},
      {"AWS_REGION", "eu-west-1"},
      {"SM_HOSTS", R"(["algo-1","algo-2"])"},
      {"SM_CURRENT_HOST", "algo-2"},
      {"SM_CURRENT_INSTANCE_TYPE", "ml.c5.xlarge"},
      {"SM_CURRENT_INSTANCE_GROUP", "homogeneousCluster"},
      {"SM_CURRENT_INSTANCE_GROUP_HOSTS", R"(["algo-2","algo-1"])"},
      {"SM_INSTANCE_GROUPS", R"(["homogeneousCluster"])"},
      {"SM_INSTANCE_GROUPS_DICT",
       R"({"homogeneousCluster":{"hosts":["algo-2","algo-1"],"instance_group_name":"homogeneousCluster",)"
       R"("instance_type":"ml.c5.xlarge"}})"},
      {"SM_DISTRIBUTION_INSTANCE_GROUPS", "[]"},
      {"SM_IS_HETERO", "false"},
      {"SM_NETWORK_INTERFACE_NAME", "eth0"},
      {"SM_NUM_CPUS", "4"},
      {"SM_NUM_GPUS", "1"},
      {"SM_NUM_NEURONS", "0"},
      {"SM_HPS", R"({"batch-size":64,"epochs":12,"flag":true,"lr":1e-05})"},
      {"SM_HP_EPOCHS", "12"},
      {"SM_HP_LR", "1e-05"},
      {"SM_HP_BATCH-SIZE", "64"},
      {"SM_HP_FLAG", "true"},
      {"SM_USER_ARGS", R"(["--epochs","12"])"},
      {"SM_USER_ENTRY_POINT", "fit.py"},
      {"SM_MODULE_NAME", "fit"},
      {"SM_MODULE_DIR", "/opt/ml/code"},
      {"SM_FRAMEWORK_MODULE", ""},
      {"SM_FRAMEWORK_PARAMS", R"({"sagemaker_extra":[1,2]})"},
      {"SM_LOG_LEVEL", "20"},
      {"SM_MODEL_DIR", "/opt/ml/model"},
      {"SM_INPUT_DIR", "/opt/ml/input"},
      {"SM_INPUT_CONFIG_DIR", "/opt/ml/input/config"},
      {"SM_OUTPUT_DIR", "/opt/ml/output"},
      {"SM_OUTPUT_DATA_DIR", "/opt/ml/output/data"},
      {"SM_OUTPUT_INTERMEDIATE_DIR", "/opt/ml/output/intermediate"},
      {"SM_CHANNELS", R"(["my-val.set","train"])"},
      {"SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"},
      {"SM_CHANNEL_MY-VAL.SET", "/opt/ml/input/data/my-val.set"},
      {"SM_INPUT_DATA_CONFIG", R"({"my-val.set":{"TrainingInputMode":"File"},"train":{"RecordWrapperType":"None",)"
                               R"("S3DistributionType":"FullyReplicated","TrainingInputMode":"File"}})"},
      {"SM_RESOURCE_CONFIG",
       R"({"current_group_name":"homogeneousCluster","current_host":"algo-2","current_instance_type":"ml.c5.xlarge",)"
       R"("hosts":["algo-1","algo-2"],"instance_groups":[{"hosts":["algo-2","algo-1"],)"
       R"("instance_group_name":"homogeneousCluster","instance_type":"ml.c5.xlarge"}],)"
       R"("network_interface_name":"eth0","topology":null})"},
      // Beyond the toolkit: aliases that a shell can read, and what newer drivers set.
      {"SM_HP_BATCH_SIZE", "64"},
      {"SM_CHANNEL_MY_VAL_SET", "/opt/ml/input/data/my-val.set"},
      {"SM_HOST_COUNT", "2"},
      {"SM_CURRENT_HOST_RANK", "1"},
      {"SM_MASTER_ADDR", "algo-1"},
      {"SM_MASTER_PORT", "7777"},
      {"SM_INPUT_DATA_DIR", "/opt/ml/input/data"},
      {"SM_OUTPUT_FAILURE", "/opt/ml/output/failure"},
      {"CURRENT_HOST", "algo-2"},
      {"SAGEMAKER_JOB_NAME", "old name"},
      {"SAGEMAKER_REGION", "eu-west-1"},
      {"PYTHONPATH", "/opt/ml/code"},
      {"PYTHONUNBUFFERED", "1"},
      {"PYTHONFAULTHANDLER", "1"},
  };
  Variables found = variables_of(environment, program);
  const std::string training_env = found["SM_TRAINING_ENV"];
  found.erase("SM_TRAINING_ENV");
  EXPECT_THAT(found, testing::ContainerEq(golden));
  const auto document = parse_python_json(training_env);
  ASSERT_TRUE(document && document->as_dict());
  EXPECT_EQ(document->as_dict()->size(), 37u);
}

TEST(ProgramVariables, TrainingEnvHasEveryMemberOfTheToolkit) {
  const Variables found = variables_of(sample_environment(), {"main", ProgramKind::native, {}});
  const auto document = parse_python_json(found.at("SM_TRAINING_ENV"));
  ASSERT_TRUE(document && document->as_dict());
  std::string names;
  for (const auto& [name, value] : *document->as_dict()) names += name + " ";
  EXPECT_EQ(names,
            "additional_framework_parameters channel_input_dirs current_host current_instance_group "
            "current_instance_group_hosts current_instance_type distribution_hosts distribution_instance_groups "
            "framework_module hosts hyperparameters input_config_dir input_data_config input_dir instance_groups "
            "instance_groups_dict is_hetero is_master is_modelparallel_enabled is_smddpmprun_installed "
            "is_smddprun_installed job_name log_level master_hostname model_dir module_dir module_name "
            "network_interface_name num_cpus num_gpus num_neurons output_data_dir output_dir output_intermediate_dir "
            "resource_config topology user_entry_point ");
}

TEST(ProgramVariables, HaveDefaultsForAMinimalJob) {
  const Variables found = variables_of(sample_environment({}, R"({"current_host": "algo-1", "hosts": ["algo-1"]})"),
                                       {"main", ProgramKind::native, {}});
  EXPECT_EQ(found.at("SM_CURRENT_INSTANCE_TYPE"), "local");
  EXPECT_EQ(found.at("SM_CURRENT_INSTANCE_GROUP"), "homogeneousCluster");
  EXPECT_EQ(found.at("SM_CURRENT_INSTANCE_GROUP_HOSTS"), "[]");
  EXPECT_EQ(found.at("SM_INSTANCE_GROUPS_DICT"), "{}");
  EXPECT_EQ(found.at("SM_NETWORK_INTERFACE_NAME"), "eth0");
  EXPECT_EQ(found.at("SM_CHANNELS"), "[]");
  EXPECT_EQ(found.at("SM_HPS"), "{}");
  EXPECT_THAT(found, Not(Contains(Key("SM_TOPOLOGY"))));
  EXPECT_THAT(found, Not(Contains(Key("SAGEMAKER_REGION"))));
}

TEST(ProgramVariables, TellTheTopologyWhenThereIsOne) {
  const Variables found =
      variables_of(sample_environment({}, R"({"current_host": "a", "hosts": ["a"], "topology": [{"hostName": "a"}]})"),
                   {"main", ProgramKind::native, {}});
  EXPECT_THAT(found, Contains(Pair("SM_TOPOLOGY", R"([{"hostName":"a"}])")));
}

TEST(ProgramVariables, AliasNeverReplacesAnotherKey) {
  const Variables found =
      variables_of(sample_environment({{"a-b", "1"}, {"a_b", "2"}}), {"main", ProgramKind::native, {}});
  EXPECT_EQ(found.at("SM_HP_A-B"), "1");
  EXPECT_EQ(found.at("SM_HP_A_B"), "2");
}

TEST(ProgramVariables, LaterOfTwoNamesThatDifferInCaseCounts) {
  const test::TemporaryFolder folder;
  const auto environment = read_environment(write_contract(folder, two_hosts, R"({"lr": "1", "LR": "2"})"), {});
  ASSERT_TRUE(environment);
  EXPECT_EQ(variables_of(*environment, {"main", ProgramKind::native, {}}).at("SM_HP_LR"), "2");
}

TEST(ProgramVariables, LeaveOutWhatNoProcessCanBeGiven) {
  const auto result =
      program_variables(sample_environment({{"big", std::string(200'000, 'x')}, {"a=b", "1"}, {"ok", "1"}}),
                        {"main", ProgramKind::native, {}});
  EXPECT_THAT(result.all, Contains(Pair("SM_HP_OK", "1")));
  EXPECT_THAT(result.all, Not(Contains(Key("SM_HP_BIG"))));
  EXPECT_THAT(result.left_out, testing::IsSupersetOf({"SM_HP_A=B", "SM_HP_BIG", "SM_HPS", "SM_TRAINING_ENV"}));
}

TEST(ProgramVariables, KeepWhatTheImageSaysToPython) {
  const Variables found =
      variables_of(sample_environment({}, two_hosts, "{}", {{"PYTHONPATH", "/lib/mine"}, {"PYTHONUNBUFFERED", ""}}),
                   {"main", ProgramKind::native, {}});
  EXPECT_EQ(found.at("PYTHONPATH"), "/opt/ml/code:/lib/mine");
  EXPECT_EQ(found.at("PYTHONUNBUFFERED"), "");
}

}  // namespace smflow::runtime
