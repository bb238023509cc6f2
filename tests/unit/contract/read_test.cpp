#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/contract/contract.hpp>

namespace smflow::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr const char* platform_file = R"({
  "current_host": "algo-1", "current_instance_type": "ml.c5.xlarge", "current_group_name": "homogeneousCluster",
  "hosts": ["algo-1", "algo-2"],
  "instance_groups": [{"instance_group_name": "homogeneousCluster", "instance_type": "ml.c5.xlarge",
                       "hosts": ["algo-2", "algo-1"]}],
  "network_interface_name": "ethwe", "topology": null, "new_member": {"x": [1]}})";

TEST(ReadResourceConfig, KeepsEveryMemberAndTheGroupsOrder) {
  const auto config = parse_resource_config(platform_file, "resourceconfig.json");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->current_instance_type, "ml.c5.xlarge");
  EXPECT_EQ(config->network_interface_name, "ethwe");
  EXPECT_THAT(config->hosts, ElementsAre("algo-1", "algo-2"));
  ASSERT_EQ(config->instance_groups.size(), 1u);
  EXPECT_THAT(config->instance_groups[0].hosts, ElementsAre("algo-2", "algo-1"));
  EXPECT_TRUE(config->raw.at("topology").is_null());
  EXPECT_EQ(config->raw.at("new_member").dump(), R"({"x":[1]})");
}

TEST(ReadResourceConfig, OldMinimalFileGetsTheDefaults) {
  const auto config = parse_resource_config(R"({"current_host": "algo-1", "hosts": ["algo-1"]})", "f");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->network_interface_name, "eth0");
  EXPECT_EQ(config->current_group_name, "homogeneousCluster");
  EXPECT_TRUE(config->instance_groups.empty());
}

TEST(ReadResourceConfig, NullMembersCountAsMissing) {
  const auto config = parse_resource_config(
      R"({"current_host": "a", "hosts": ["a"], "instance_groups": null, "network_interface_name": null,
          "current_instance_type": null})",
      "f");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->network_interface_name, "eth0");
}

TEST(ReadResourceConfig, SortsHostsByText) {
  const auto config =
      parse_resource_config(R"({"current_host": "algo-2", "hosts": ["algo-2", "algo-10", "algo-1"]})", "f");
  ASSERT_TRUE(config.has_value());
  EXPECT_THAT(config->hosts, ElementsAre("algo-1", "algo-10", "algo-2"));
}

TEST(ReadResourceConfig, SkipsAByteOrderMark) {
  EXPECT_TRUE(parse_resource_config("\xEF\xBB\xBF{\"current_host\": \"a\", \"hosts\": [\"a\"]}", "f").has_value());
}

struct BadCase {
  const char* name;
  const char* text;
  const char* code;
  const char* says;
};
void PrintTo(const BadCase& row, std::ostream* out) {
  *out << row.name;
}

class BadResourceConfig : public testing::TestWithParam<BadCase> {};
TEST_P(BadResourceConfig, IsRefusedWithTheReason) {
  const auto config = parse_resource_config(GetParam().text, "resourceconfig.json");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, GetParam().code);
  EXPECT_THAT(config.error().message, HasSubstr("resourceconfig.json: "));
  EXPECT_THAT(config.error().message, HasSubstr(GetParam().says));
}
INSTANTIATE_TEST_SUITE_P(
    Table, BadResourceConfig,
    testing::Values(BadCase{"Null", "null", "E210", "it holds null"}, BadCase{"List", "[]", "E210", "it holds array"},
                    BadCase{"Empty", "", "E902", "not valid JSON"}, BadCase{"Cut", "{\"hosts\": [", "E902", "JSON"},
                    BadCase{"HostsText", R"({"hosts": "algo-1"})", "E210", "'hosts' must be a list"},
                    BadCase{"HostNumber", R"({"hosts": [1]})", "E210", "it is number"},
                    BadCase{"HostEmpty", R"({"hosts": [""]})", "E211", "empty"},
                    BadCase{"NoHosts", R"({"current_host": "a"})", "E212", "'hosts' is missing"},
                    BadCase{"Stranger", R"({"current_host": "b", "hosts": ["a"]})", "E212", "'b', which is not"},
                    BadCase{"NoCurrent", R"({"hosts": ["a"]})", "E212", "current_host"},
                    BadCase{"GroupText", R"({"hosts": ["a"], "instance_groups": ["g"]})", "E210", "instance_groups"},
                    BadCase{"GroupName", R"({"hosts": ["a"], "instance_groups": [{"instance_group_name": 1}]})", "E210",
                            "instance_group_name"},
                    BadCase{"Nul", R"({"current_host": "a\u0000b", "hosts": ["a"]})", "E211", "NUL"}),
    [](const auto& row) { return row.param.name; });

TEST(ReadInputDataConfig, KeepsTheDocumentAsItIs) {
  const auto channels = parse_input_data_config(R"({"my-val.set": {"TrainingInputMode": "File"}, "b": null})", "f");
  ASSERT_TRUE(channels.has_value()) << channels.error().message;
  EXPECT_EQ(channels->dump(), R"({"b":null,"my-val.set":{"TrainingInputMode":"File"}})");
}

TEST(ReadInputDataConfig, NullMeansNoChannels) {
  EXPECT_EQ(parse_input_data_config("null", "f")->dump(), "{}");
}

TEST(ReadInputDataConfig, RefusesANameThatWouldLeaveTheFolder) {
  for (const char* name : {"..", ".", "", "a/b", "../etc", "a\\u0000", "a=b", "ch annel"}) {
    const auto channels = parse_input_data_config("{\"" + std::string(name) + "\": {}}", "f");
    ASSERT_FALSE(channels.has_value()) << name;
    EXPECT_EQ(channels.error().code, "E211") << name;
  }
}

TEST(ReadInputDataConfig, RefusesAChannelThatIsNoObject) {
  EXPECT_EQ(parse_input_data_config(R"({"train": "File"})", "f").error().code, "E210");
  EXPECT_EQ(parse_input_data_config(R"([1])", "f").error().code, "E210");
}

TEST(ReadHyperparameters, AreTextToText) {
  const auto read = parse_hyperparameters(R"({"epochs": "12", "arch": "\"tiny\"", "é": "", "": "x"})", "f");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_THAT(*read, ElementsAre(Pair("", "x"), Pair("arch", "\"tiny\""), Pair("epochs", "12"), Pair("é", "")));
}

TEST(ReadHyperparameters, NullAndEmptyObjectMeanNone) {
  EXPECT_TRUE(parse_hyperparameters("null", "f")->empty());
  EXPECT_TRUE(parse_hyperparameters("{}", "f")->empty());
}

TEST(ReadHyperparameters, SaysHowToWriteANumber) {
  const auto read = parse_hyperparameters(R"({"epochs": 12})", "hyperparameters.json");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, "E210");
  EXPECT_EQ(read.error().message, "hyperparameters.json: 'epochs' must be text, it is number");
  EXPECT_THAT(read.error().fix, HasSubstr("quotes"));
}

TEST(ReadHyperparameters, RefusesANulCharacter) {
  EXPECT_EQ(parse_hyperparameters(R"({"a": "x\u0000y"})", "f").error().code, "E211");
  EXPECT_EQ(parse_hyperparameters(R"({"a\u0000": "x"})", "f").error().code, "E211");
}

}  // namespace
}  // namespace smflow::contract
