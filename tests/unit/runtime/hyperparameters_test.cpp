#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/runtime/hyperparameters.hpp>

namespace smflow::runtime {

namespace {

using testing::ElementsAre;

struct Golden {
  const char* name;
  const char* raw;
  const char* argument;
  const char* variable;
};

// What the toolkit gives a program for a raw value; observed by running it.
const Golden golden[] = {
    {"Integer", "5", "5", "5"},
    {"Float", "0.10", "0.1", "0.1"},
    {"Overflow", "1E400", "inf", "Infinity"},
    {"NotANumber", "NaN", "nan", "NaN"},
    {"MinusZero", "-0", "0", "0"},
    {"True", "true", "True", "true"},
    {"False", "false", "False", "false"},
    {"Null", "null", "", ""},
    {"QuotedText", "\"hello world\"", "hello world", "hello world"},
    {"PlainText", "resnet", "resnet", "resnet"},
    {"LeadingZeros", "007", "007", "007"},
    {"Empty", "", "", ""},
    {"List", "[1, 2, 3]", "[1, 2, 3]", "[1,2,3]"},
    {"ListOfTexts", "[\"a\", \"b c\"]", "['a', 'b c']", "[\"a\",\"b c\"]"},
    {"Dict", R"({"b": 2, "a": {"x": 1}})", "a={'x': 1},b=2", R"({"a":{"x":1},"b":2})"},
    {"NotAsciiText", "é", "é", "é"},
    {"NotAsciiList", "[\"é\"]", "['é']", R"(["\u00e9"])"},
    {"SpaceAround", " 3 ", "3", "3"},
};

class HyperparameterGolden : public testing::TestWithParam<Golden> {};

}  // namespace

TEST_P(HyperparameterGolden, IsGivenAsTheToolkitGivesIt) {
  const auto decoded = decode_hyperparameters({{"name", GetParam().raw}});
  EXPECT_THAT(to_arguments(decoded.user), ElementsAre("--name", GetParam().argument));
  EXPECT_EQ(to_variable(decoded.user.at("name")), GetParam().variable);
}

INSTANTIATE_TEST_SUITE_P(Hyperparameters, HyperparameterGolden, testing::ValuesIn(golden),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Hyperparameters, AreSortedByNameWithOneDashForOneCharacter) {
  const auto decoded = decode_hyperparameters({{"v", "x"}, {"lr", "0.05"}, {"Zoo", "1"}, {"é", "2"}, {"", "3"}});
  EXPECT_THAT(to_arguments(decoded.user), ElementsAre("", "3", "--Zoo", "1", "--lr", "0.05", "-v", "x", "-é", "2"));
}

TEST(Hyperparameters, AreTakenApartIntoThreeSets) {
  const auto decoded = decode_hyperparameters({{"epochs", "1"},
                                               {"sagemaker_program", "\"fit.py\""},
                                               {"sagemaker_mpi_enabled", "true"},
                                               {"_tuning_objective_metric", "loss"},
                                               {"default_user_module_name", "x"}});
  EXPECT_THAT(decoded.user, ElementsAre(testing::Key("epochs")));
  EXPECT_THAT(decoded.framework, ElementsAre(testing::Key("sagemaker_mpi_enabled")));
  EXPECT_THAT(decoded.reserved,
              ElementsAre(testing::Key("_tuning_objective_metric"), testing::Key("default_user_module_name"),
                          testing::Key("sagemaker_program")));
  EXPECT_EQ(text_of(decoded.reserved, "sagemaker_program"), "fit.py");
}

TEST(Hyperparameters, TextOfAMissingOrNullValueIsTheOtherOne) {
  const auto decoded = decode_hyperparameters({{"sagemaker_region", "null"}});
  EXPECT_EQ(text_of(decoded.reserved, "sagemaker_region", "eu-west-1"), "eu-west-1");
  EXPECT_EQ(text_of(decoded.reserved, "sagemaker_program", "x"), "x");
}

TEST(Hyperparameters, DictOfThemIsSorted) {
  const auto decoded = decode_hyperparameters({{"b", "1"}, {"a", "[true]"}});
  EXPECT_EQ(python_json(to_dict(decoded.user)), R"({"a":[true],"b":1})");
}

}  // namespace smflow::runtime
