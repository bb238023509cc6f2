#include "sample_config.hpp"

#include <functional>

#include <gtest/gtest.h>

#include <smflow/base/json.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config::test {
namespace {

TEST(JsonSchema, ReadsBackEqual) {
  for (const SchemaPtr& schema : {schema_of<SampleConfig>(), schema_of<SiblingConfig>()}) {
    const auto again = schema_from_json(to_json_schema(*schema), "x.json");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(**again == *schema);
    EXPECT_EQ(to_json_schema(**again), to_json_schema(*schema));
  }
}

TEST(JsonSchema, SaysToEditorsWhatItCan) {
  const Json schema = Json::parse(to_json_schema(*schema_of<SampleConfig>()));
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema["additionalProperties"], false);
  const Json& machine = schema["properties"]["MACHINE"];
  EXPECT_EQ(machine["additionalProperties"], false);
  EXPECT_EQ(machine["properties"]["COUNT"]["minimum"], 1);
  EXPECT_TRUE(machine["properties"]["COUNT"]["minimum"].is_number_integer());
  EXPECT_EQ(machine["properties"]["ZONE"]["pattern"], "^(?:[a-c])$") << "JSON Schema's pattern is a search";
  const Json& value = schema["properties"]["VALUE"]["properties"];
  EXPECT_EQ(value["FALLBACK"]["type"], Json({"string", "null"}));
  EXPECT_EQ(value["FALLBACK"]["enum"], Json({"File", "FastFile", "Pipe", "auto", nullptr}));
  EXPECT_EQ(schema["properties"]["MANY"]["properties"]["SIZES"]["items"]["maximum"], 1024);
}

TEST(JsonSchema, HoldsLimitsOfAnySize) {
  Schema schema = *schema_of<SampleConfig>();
  Field& shift = schema.fields[*schema.index_of("VALUE.SHIFT")];
  shift.about.min = -1e300;
  shift.about.max = 1e300;
  const auto again = schema_from_json(to_json_schema(schema), "x.json");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(**again == schema);
}

struct Row {
  const char* name;
  std::function<void(OrderedJson&)> spoil;
  const char* why;
};
class HostileSchema : public testing::TestWithParam<Row> {};

TEST_P(HostileSchema, IsRefusedWithTheReason) {
  OrderedJson document = OrderedJson::parse(to_json_schema(*schema_of<SiblingConfig>()));
  GetParam().spoil(document);
  const auto schema = schema_from_json(document.dump(), "evil.json");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().code, "E050");
  EXPECT_EQ(schema.error().exit, ExitCode::configuration);
  EXPECT_EQ(schema.error().message,
            "'evil.json' is not a configuration schema of smflow: " + std::string(GetParam().why));
}

OrderedJson& epochs(OrderedJson& document) {
  return document["properties"]["TRAIN"]["properties"]["EPOCHS"];
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileSchema,
    testing::Values(
        Row{"Version", [](OrderedJson& d) { d["x-smflow-schema"] = 2; }, "it has another version"},
        Row{"NoVersion", [](OrderedJson& d) { d.erase("x-smflow-schema"); }, "'x-smflow-schema' is missing"},
        Row{"NoProperties", [](OrderedJson& d) { d.erase("properties"); }, "'properties' is missing"},
        Row{"SectionIsText", [](OrderedJson& d) { d["properties"]["TRAIN"] = "x"; }, "'properties' is missing"},
        Row{"OptionIsText", [](OrderedJson& d) { epochs(d) = "x"; }, "'EPOCHS' is not an object"},
        Row{"NoType", [](OrderedJson& d) { epochs(d).erase("type"); }, "'type' is missing"},
        Row{"UnknownType", [](OrderedJson& d) { epochs(d)["type"] = "colour"; }, "there is no type 'colour'"},
        Row{"ThreeTypes",
            [](OrderedJson& d) {
              epochs(d)["type"] = {"integer", "string", "null"};
            },
            "'type' is not a type of an option"},
        Row{"ListWithoutItems", [](OrderedJson& d) { epochs(d)["type"] = "array"; }, "'items' is missing"},
        Row{"NoDefault", [](OrderedJson& d) { epochs(d).erase("default"); }, "'default' is missing"},
        Row{"DefaultOfAnotherType", [](OrderedJson& d) { epochs(d)["default"] = "five"; },
            "the default of 'TRAIN.EPOCHS' has another type"},
        Row{"DefaultBeyond64Bits", [](OrderedJson& d) { epochs(d)["default"] = 18446744073709551615u; },
            "the default of 'TRAIN.EPOCHS' has another type"},
        Row{"DefaultOutOfRange", [](OrderedJson& d) { epochs(d)["default"] = 0; },
            "'TRAIN.EPOCHS' must be a whole number of at least 1, which its default is not"},
        Row{"LimitIsText", [](OrderedJson& d) { epochs(d)["minimum"] = "1"; }, "'minimum' is not a number"},
        Row{"DescriptionIsNumber", [](OrderedJson& d) { epochs(d)["description"] = 1; }, "'description' is not a text"},
        Row{"PatternNotAnchored",
            [](OrderedJson& d) {
              epochs(d)["type"] = "string";
              epochs(d)["default"] = "a";
              epochs(d)["pattern"] = "a";
            },
            "a pattern is not anchored"},
        Row{"EnumOfNumbers",
            [](OrderedJson& d) {
              epochs(d)["enum"] = {1, 2};
            },
            "'enum' is not a list of texts"},
        Row{"SpellingsOfThree",
            [](OrderedJson& d) {
              epochs(d)["x-spellings"] = {{"a", "b", "c"}};
            },
            "'x-spellings' is not a list of pairs"},
        Row{"SecretName", [](OrderedJson& d) { d["properties"]["TRAIN"]["properties"]["HUB_TOKEN"] = epochs(d); },
            "'TRAIN.HUB_TOKEN' is named like a secret, which no configuration may hold"},
        Row{"RuleIsText", [](OrderedJson& d) { d["x-rules"] = {"x"}; }, "a rule is not an object"},
        Row{"RuleAboutNothing",
            [](OrderedJson& d) {
              d["x-rules"] = {{{"left", "A.B"}}};
            },
            "a rule about 'A.B': 'A.B' is no option"},
        Row{"TooManyOptions",
            [](OrderedJson& d) {
              for (int i = 0; i < 3000; ++i)
                d["properties"]["TRAIN"]["properties"]["X" + std::to_string(i)] = epochs(d);
            },
            "there are more options than anybody could set"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(JsonSchema, RefusesWhatIsNoJsonObject) {
  for (const char* text : {"", "{", "[]", "null", "1", "\"x\"", "{\"a\":1,\"a\":2}", "\xff"}) {
    const auto schema = schema_from_json(text, "x.json");
    ASSERT_FALSE(schema) << text;
    EXPECT_EQ(schema.error().code, "E050") << text;
  }
  EXPECT_FALSE(schema_from_json(std::string(100'000, '['), "x.json"));
  EXPECT_FALSE(schema_from_json(std::string(5u << 20, ' '), "x.json"));
}

}  // namespace
}  // namespace smflow::config::test
