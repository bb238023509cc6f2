#include "sample_loading.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>

namespace smflow::config::test {
namespace {

struct Row {
  const char* name;
  const char* option;
  const char* written;
  const char* meant;  // as to_text() writes it; "E0.." when it is refused
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.option << ": " << row.written;
}

class Decoding : public testing::TestWithParam<Row> {
 protected:
  static std::string outcome(const Config& config) {
    return config.errors().empty() ? to_text(config.value(GetParam().option)) : error_codes(config);
  }
};

TEST_P(Decoding, OfAFileTakesWhatTheTypeSays) {
  const std::string path = GetParam().option;
  const std::size_t dot = path.find('.');
  EXPECT_EQ(outcome(merged(path.substr(0, dot) + ":\n  " + path.substr(dot + 1) + ": " + GetParam().written + "\n")),
            GetParam().meant);
}

INSTANTIATE_TEST_SUITE_P(
    WholeNumbers, Decoding,
    testing::Values(Row{"Plain", "VALUE.SMALL", "12", "12"}, Row{"Negative", "VALUE.SMALL", "-12", "-12"},
                    Row{"Plus", "VALUE.SMALL", "+12", "12"}, Row{"Zero", "VALUE.SMALL", "0", "0"},
                    Row{"NegativeZero", "VALUE.SMALL", "-0", "0"}, Row{"Exponent", "VALUE.SMALL", "1e6", "1000000"},
                    Row{"PointZero", "VALUE.SMALL", "8.0", "8"}, Row{"PointOnly", "VALUE.SMALL", "8.", "8"},
                    Row{"Comment", "VALUE.SMALL", "8 # eight", "8"}, Row{"Half", "VALUE.SMALL", "0.5", "E024"},
                    Row{"TinyExponent", "VALUE.SMALL", "1e-3", "E024"}, Row{"Dot", "VALUE.SMALL", ".", "E024"},
                    Row{"Minus", "VALUE.SMALL", "-x", "E024"}, Row{"TwoSigns", "VALUE.SMALL", "+-1", "E024"},
                    Row{"ZeroZero", "VALUE.SMALL", "00", "E024"}, Row{"Tilde", "VALUE.SMALL", "~", "E023"},
                    Row{"Greatest32", "VALUE.SMALL", "2147483647", "2147483647"},
                    Row{"Least32", "VALUE.SMALL", "-2147483648", "-2147483648"},
                    Row{"Beyond32", "VALUE.SMALL", "2147483648", "E027"},
                    Row{"Below32", "VALUE.SMALL", "-2147483649", "E027"},
                    Row{"Greatest64", "VALUE.BYTES", "9223372036854775807", "9223372036854775807"},
                    Row{"Least64", "VALUE.BYTES", "-9223372036854775808", "-9223372036854775808"},
                    Row{"Beyond64", "VALUE.BYTES", "9223372036854775808", "E027"},
                    Row{"ExactAsDouble", "VALUE.BYTES", "9007199254740992.0", "9007199254740992"},
                    Row{"InexactAsDouble", "VALUE.BYTES", "1e17", "E027"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Numbers, Decoding,
    testing::Values(Row{"Point", "VALUE.RATE", "0.25", "0.25"}, Row{"Whole", "VALUE.RATE", "1", "1.0"},
                    Row{"YacsExponent", "VALUE.RATE", "1e-4", "1.0e-04"},
                    Row{"Small", "VALUE.RATE", "1e-05", "1.0e-05"}, Row{"NoZeroBefore", "VALUE.RATE", ".5", "0.5"},
                    Row{"Least", "VALUE.RATE", "0", "0.0"}, Row{"Most", "VALUE.RATE", "10", "10.0"},
                    Row{"Negative", "VALUE.SHIFT", "-2.5", "-2.5"}, Row{"Shortest", "VALUE.SHIFT", "0.1", "0.1"},
                    Row{"Large", "VALUE.SHIFT", "1E300", "1.0e+300"}, Row{"Nan", "VALUE.SHIFT", ".NaN", "E024"},
                    Row{"InfWord", "VALUE.SHIFT", "inf", "E024"}, Row{"Hexadecimal", "VALUE.SHIFT", "0x1p3", "E024"},
                    Row{"Underflow", "VALUE.SHIFT", "1e-400", "E027"}, Row{"OpenExponent", "VALUE.SHIFT", "1e", "E024"},
                    Row{"Comma", "VALUE.SHIFT", "1,5", "E024"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Switches, Decoding,
    testing::Values(Row{"True", "MACHINE.SPOT", "true", "true"}, Row{"False", "MACHINE.SPOT", "false", "false"},
                    Row{"Yes", "MACHINE.SPOT", "yes", "E024"}, Row{"No", "MACHINE.SPOT", "no", "E024"},
                    Row{"On", "MACHINE.SPOT", "on", "E024"}, Row{"PythonFalse", "MACHINE.SPOT", "False", "E024"},
                    Row{"Number", "MACHINE.SPOT", "1", "E024"}, Row{"Quoted", "MACHINE.SPOT", "'true'", "E024"},
                    Row{"Null", "MACHINE.SPOT", "null", "E023"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Texts, Decoding,
    testing::Values(
        Row{"Norway", "VALUE.NOTE", "no", "\"no\""}, Row{"Digits", "VALUE.NOTE", "010", "\"010\""},
        Row{"Version", "VALUE.NOTE", "1.10", "\"1.10\""}, Row{"True", "VALUE.NOTE", "true", "\"true\""},
        Row{"Date", "VALUE.NOTE", "2024-01-01", "\"2024-01-01\""}, Row{"Literal", "VALUE.NOTE", "(1, 2)", "\"(1, 2)\""},
        Row{"None", "VALUE.NOTE", "None", "\"None\""}, Row{"Quoted", "VALUE.NOTE", "\"a b\"", "\"a b\""},
        Row{"QuotedNull", "VALUE.NOTE", "\"null\"", "\"null\""}, Row{"Single", "VALUE.NOTE", "'it''s'", "\"it's\""},
        Row{"Empty", "VALUE.NOTE", "\"\"", "\"\""}, Row{"Escapes", "VALUE.NOTE", R"("a\tb\nc\u00e4")", R"("a\tb\ncä")"},
        Row{"Colon", "VALUE.NOTE", "a:b", "\"a:b\""}, Row{"Hash", "VALUE.NOTE", "a#b", "\"a#b\""},
        Row{"Block", "VALUE.NOTE", "|\n    one\n    two\n", R"("one\ntwo\n")"},
        Row{"Folded", "VALUE.NOTE", ">-\n    one\n    two\n", R"("one two")"},
        Row{"Choice", "VALUE.MODE", "Pipe", "\"Pipe\""}, Row{"QuotedChoice", "VALUE.MODE", "'Pipe'", "\"Pipe\""},
        Row{"KeywordChoice", "VALUE.MODE", "auto", "\"auto\""},
        Row{"KeywordChoiceUnderscore", "VALUE.MODE", "auto_", "E026"},
        Row{"Spelling", "MACHINE.KIND", "local-gpu", "\"local_gpu\""},
        Row{"Pattern", "MACHINE.KIND", "ml.p4d.24xlarge", "\"ml.p4d.24xlarge\""},
        Row{"PatternIsWhole", "MACHINE.KIND", "ml.g5.xlarge!", "E012"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Optionals, Decoding,
    testing::Values(Row{"Null", "VALUE.LIMIT", "null", "null"}, Row{"Tilde", "VALUE.LIMIT", "~", "null"},
                    Row{"Nothing", "VALUE.LIMIT", "", "null"}, Row{"Value", "VALUE.LIMIT", "3", "3"},
                    Row{"Text", "VALUE.REMARK", "x", "\"x\""}, Row{"TextNull", "VALUE.REMARK", "null", "null"},
                    Row{"TextQuotedNull", "VALUE.REMARK", "'null'", "\"null\""},
                    Row{"Choice", "VALUE.FALLBACK", "File", "\"File\""},
                    Row{"ChoiceNull", "VALUE.FALLBACK", "null", "null"}, Row{"List", "MANY.STEPS", "[1]", "[1]"},
                    Row{"ListNull", "MANY.STEPS", "null", "null"}, Row{"ElementNull", "MANY.STEPS", "[null]", "E023"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(Collections, Decoding,
                         testing::Values(Row{"Empty", "MANY.SIZES", "[]", "[]"}, Row{"One", "MANY.SIZES", "[5]", "[5]"},
                                         Row{"Block", "MANY.SIZES", "\n    - 1\n    - 2", "[1, 2]"},
                                         Row{"LineBreaks", "MANY.SIZES", "[1,\n    2]", "[1, 2]"},
                                         Row{"Cast", "MANY.RATES", "[1, 2.5, 1e-4]", "[1.0, 2.5, 1.0e-04]"},
                                         Row{"Switches", "MANY.FLAGS", "[true, false]", "[true, false]"},
                                         Row{"Texts", "MANY.NAMES", "[no, 010, 'x']", R"(["no", "010", "x"])"},
                                         Row{"Choices", "MANY.MODES", "[Pipe, auto]", R"(["Pipe", "auto"])"},
                                         Row{"BadElement", "MANY.SIZES", "[1, a]", "E024"},
                                         Row{"OutOfRange", "MANY.SIZES", "[0, 1025]", "E025 E025"},
                                         Row{"Mapping", "MANY.TAGS", "{b: 1.10, a: no}", R"({"a": "no", "b": "1.10"})"},
                                         Row{"MappingBlock", "MANY.TAGS", "\n    b: x", R"({"b": "x"})"},
                                         Row{"MappingEmpty", "MANY.TAGS", "{}", "{}"},
                                         Row{"MappingNull", "MANY.TAGS", "null", "E024"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Typed, HoldsTheValuesInCppTypes) {
  const Config config = checked(R"(
MACHINE: {KIND: local-gpu, COUNT: 4, SPOT: true}
VALUE: {BYTES: 5000000000, RATE: 1, MODE: auto, LIMIT: 7, REMARK: null, FALLBACK: null}
MANY: {SIZES: [1], RATES: [0.5], FLAGS: [true, false], NAMES: [a], MODES: [Pipe, File], STEPS: [3], TAGS: {a: b}}
)");
  ASSERT_EQ(told(config.errors()), "");
  const auto frozen = typed<SampleConfig>(config);
  EXPECT_EQ(frozen.machine.kind, "local_gpu");
  EXPECT_EQ(frozen.machine.count, 4);
  EXPECT_TRUE(frozen.machine.spot);
  EXPECT_EQ(frozen.machine.owner, "tests");
  EXPECT_EQ(frozen.value.bytes, 5'000'000'000);
  EXPECT_EQ(frozen.value.rate, 1.0);
  EXPECT_EQ(frozen.value.mode, Mode::auto_);
  EXPECT_EQ(frozen.value.limit, 7);
  EXPECT_EQ(frozen.value.remark, std::nullopt);
  EXPECT_EQ(frozen.value.fallback, std::nullopt);
  EXPECT_EQ(frozen.many.flags, (std::vector<bool>{true, false}));
  EXPECT_EQ(frozen.many.modes, (std::vector<Mode>{Mode::Pipe, Mode::File}));
  EXPECT_EQ(frozen.many.steps, (std::vector<int>{3}));
  EXPECT_EQ(frozen.many.tags, (TextMap{{"a", "b"}}));
}

TEST(Typed, HasTheDefaultsWhereNothingIsWritten) {
  const auto frozen = typed<SampleConfig>(checked(""));
  const SampleConfig defaults;
  EXPECT_EQ(frozen.value.fallback, defaults.value.fallback);
  EXPECT_EQ(frozen.many.sizes, defaults.many.sizes);
  EXPECT_EQ(frozen.many.tags, defaults.many.tags);
  EXPECT_EQ(frozen.machine.region, "eu-west-1");
}

TEST(Merging, ChangesNothingWhereAValueIsWrong) {
  const Config config = merged("MACHINE: {COUNT: 0}\nMANY: {SIZES: [1, x]}\n", {"VALUE.RATE=11"});
  EXPECT_EQ(error_codes(config), "E025 E024 E025");
  EXPECT_TRUE(changed(config).empty());
}

TEST(Merging, OfAnUnknownPathIsABugOfTheCaller) {
  EXPECT_THROW(merged("").value("MACHINE.NOPE"), std::out_of_range);
  EXPECT_THROW(merged("").origin("NOPE"), std::out_of_range);
}

}  // namespace
}  // namespace smflow::config::test
