#include "sample_loading.hpp"

#include <gtest/gtest.h>

#include <smflow/config/config.hpp>

namespace smflow::config::test {
namespace {

Schema machines() {
  Schema schema{.name = "shop", .doc = "One shop.", .sections = {{"S", "A section."}}};
  const auto add = [&](const char* key, Type type, Value value) {
    schema.fields.push_back(
        {.section = "S", .key = key, .type = type, .default_value = std::move(value), .about = {.doc = "A value."}});
  };
  add("A", {.kind = Kind::integer}, {std::int64_t{5}});
  add("B", {.kind = Kind::number}, {5.0});
  add("T", {.kind = Kind::text}, {std::string("ml.g5")});
  add("E", {.kind = Kind::text}, {std::string()});
  add("ON", {.kind = Kind::boolean}, {true});
  add("NULL", {.kind = Kind::integer, .optional = true}, {});
  add("LIST", {.kind = Kind::integer, .list = true}, {Value::List{}});
  return schema;
}

struct Row {
  const char* name;
  Rule rule;
  bool holds;
};
class RuleRow : public testing::TestWithParam<Row> {};

TEST_P(RuleRow, HoldsOrNot) {
  Schema schema = machines();
  schema.rules = {GetParam().rule};
  ASSERT_TRUE(faults(schema).empty()) << faults(schema).front();
  Config config(sound(schema));
  config.check();
  EXPECT_EQ(error_codes(config), GetParam().holds ? "" : "E031");
}

INSTANTIATE_TEST_SUITE_P(
    Operators, RuleRow,
    testing::Values(
        Row{"Equal", {"", "S.A", "==", "5", "w"}, true}, Row{"EqualNot", {"", "S.A", "==", "6", "w"}, false},
        Row{"WholeEqualsNumber", {"", "S.A", "==", "S.B", "w"}, true},
        Row{"NotEqual", {"", "S.A", "!=", "5", "w"}, false}, Row{"Less", {"", "S.A", "<", "6", "w"}, true},
        Row{"LessNot", {"", "S.A", "<", "5", "w"}, false}, Row{"AtMost", {"", "S.A", "<=", "5", "w"}, true},
        Row{"AtMostNot", {"", "S.A", "<=", "4", "w"}, false}, Row{"More", {"", "S.A", ">", "S.B", "w"}, false},
        Row{"AtLeast", {"", "S.A", ">=", "S.B", "w"}, true}, Row{"AtLeastNot", {"", "S.B", ">=", "5.5", "w"}, false},
        Row{"TextEqual", {"", "S.T", "==", "ml.g5", "w"}, true},
        Row{"StartsWith", {"", "S.T", "starts-with", "ml.", "w"}, true},
        Row{"StartsWithNot", {"", "S.T", "starts-with", "local", "w"}, false},
        Row{"Set", {"", "S.T", "is-set", "", "w"}, true}, Row{"SetNot", {"", "S.E", "is-set", "", "w"}, false},
        Row{"NullIsNotSet", {"", "S.NULL", "is-set", "", "w"}, false},
        Row{"EmptyListIsNotSet", {"", "S.LIST", "is-set", "", "w"}, false},
        Row{"NotEmpty", {"", "S.E", "!=", "", "w"}, false},
        Row{"NullBreaksNoOrder", {"", "S.NULL", "<", "3", "w"}, true}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Conditions, RuleRow,
    testing::Values(Row{"WhenTrue", {"S.ON", "S.A", "==", "6", "w"}, false},
                    Row{"WhenNotTrue", {"not S.ON", "S.A", "==", "6", "w"}, true},
                    Row{"WhenSet", {"S.T", "S.A", "==", "6", "w"}, false},
                    Row{"WhenEmpty", {"S.E", "S.A", "==", "6", "w"}, true},
                    Row{"WhenNotSet", {"not S.E", "S.A", "==", "6", "w"}, false},
                    Row{"WhenEqual", {"S.T == ml.g5", "S.A", "==", "6", "w"}, false},
                    Row{"WhenUnequal", {"S.T != ml.g5", "S.A", "==", "6", "w"}, true},
                    Row{"WhenStartsWith", {"S.T starts-with ml.", "S.A", "==", "6", "w"}, false},
                    Row{"WhenStartsWithNot", {"S.T starts-with local", "S.A", "==", "6", "w"}, true}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Check, SaysNothingWhileThereAreErrors) {
  Config config(schema_of<SampleConfig>());
  config.merge_text("MACHINE:\n  COUNT: 0\n  SPOT: true\n  RUN_TIME: 999\n", "config.yaml");
  config.check();
  EXPECT_EQ(error_codes(config), "E025") << "the required option and the rule may be right once this is corrected";
}

TEST(Check, TellsEveryRuleThatIsBroken) {
  const Config config =
      checked("MACHINE: {SPOT: true, RUN_TIME: 300, KIND: ml.g5.xlarge, REGION: ''}\nVALUE: {SHIFT: 2e3}\n");
  EXPECT_EQ(error_codes(config), "E031 E031 E031");
}

TEST(Check, PassesWhatKeepsTheRules) {
  EXPECT_EQ(told(checked("MACHINE: {SPOT: true, RUN_TIME: 300, WAIT_TIME: 300}\nVALUE: {SHIFT: 2e3, REMARK: why}\n")),
            "");
}

}  // namespace
}  // namespace smflow::config::test
