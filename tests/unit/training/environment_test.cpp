#include <map>
#include <optional>

#include <gtest/gtest.h>

#include <smflow/training/environment.hpp>

namespace smflow::training {
namespace {

EnvironmentLookup variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(TrainingEnvironment, ReadsWhatTheEntrypointSets) {
  const auto environment = read_environment(variables({{"TRAINING_JOB_NAME", "gan-training-7"},
                                                       {"SM_CURRENT_HOST", "algo-1"},
                                                       {"SM_HOSTS", R"(["algo-1","algo-2"])"},
                                                       {"SM_NETWORK_INTERFACE_NAME", "eth0"},
                                                       {"SM_NUM_GPUS", "4"},
                                                       {"SM_MODEL_DIR", "/opt/ml/model"},
                                                       {"SM_OUTPUT_DATA_DIR", "/opt/ml/output/data"},
                                                       {"SM_CHANNELS", R"(["config","my-val.set"])"},
                                                       {"SM_CHANNEL_CONFIG", "/opt/ml/input/data/config"},
                                                       {"SM_CHANNEL_MY-VAL.SET", "/opt/ml/input/data/my-val.set"}}));
  ASSERT_TRUE(environment) << environment.error().message;
  EXPECT_EQ(environment->job_name, "gan-training-7");
  EXPECT_EQ(environment->hosts, (std::vector<std::string>{"algo-1", "algo-2"}));
  EXPECT_EQ(environment->network_interface, "eth0");
  EXPECT_EQ(environment->gpu_count, 4);
  EXPECT_EQ(environment->model_dir, "/opt/ml/model");
  EXPECT_EQ(environment->output_data_dir, "/opt/ml/output/data");
  EXPECT_EQ(environment->channel("my-val.set").value(), "/opt/ml/input/data/my-val.set");
}

TEST(TrainingEnvironment, IsOneHostOutsideAJob) {
  const auto environment = read_environment(variables({}));
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->hosts.size(), 1u);
  EXPECT_EQ(environment->rank(), 0u);
  EXPECT_TRUE(environment->model_dir.empty());
}

TEST(TrainingEnvironment, RanksHostsByName) {
  const auto environment =
      read_environment(variables({{"SM_CURRENT_HOST", "algo-2"}, {"SM_HOSTS", R"(["algo-2","algo-10","algo-1"])"}}));
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->rank(), 2u);  // algo-1, algo-10, algo-2
}

TEST(TrainingEnvironment, NamesTheChannelsThereAre) {
  const auto environment = read_environment(variables({{"SM_CHANNELS", R"(["config"])"}, {"SM_CHANNEL_CONFIG", "/c"}}));
  ASSERT_TRUE(environment);
  const auto channel = environment->channel("traindata");
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().code, "E331");
  EXPECT_EQ(channel.error().message, "the job has no input channel 'traindata', only: config");
}

struct Malformed {
  const char* name;
  std::map<std::string, std::string> variables;
};

class MalformedEnvironment : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedEnvironment, IsRefused) {
  const auto environment = read_environment(variables(GetParam().variables));
  ASSERT_FALSE(environment);
  EXPECT_EQ(environment.error().code, "E330");
}

INSTANTIATE_TEST_SUITE_P(Rows, MalformedEnvironment,
                         testing::Values(Malformed{"HostsNoJson", {{"SM_HOSTS", "algo-1"}}},
                                         Malformed{"HostsNoList", {{"SM_HOSTS", R"({"a":1})"}}},
                                         Malformed{"HostsOfNumbers", {{"SM_HOSTS", "[1]"}}},
                                         Malformed{"CurrentHostMissing",
                                                   {{"SM_HOSTS", R"(["a"])"}, {"SM_CURRENT_HOST", "b"}}},
                                         Malformed{"GpusNoNumber", {{"SM_NUM_GPUS", "many"}}},
                                         Malformed{"GpusNegative", {{"SM_NUM_GPUS", "-1"}}},
                                         Malformed{"GpusWithTail", {{"SM_NUM_GPUS", "1x"}}},
                                         Malformed{"ChannelsNoJson", {{"SM_CHANNELS", "["}}}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace smflow::training
