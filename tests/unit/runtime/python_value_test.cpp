#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <smflow/runtime/python_value.hpp>

namespace smflow::runtime {

namespace {

struct Golden {
  const char* name;
  const char* json;   // as it stands in a file
  const char* dumps;  // json.dumps(json.loads(json), sort_keys=True, separators=(",", ":")) of Python 3.11
  const char* text;   // str(json.loads(json))
};

// Every row was made by Python.
const Golden golden[] = {
    {"Integer", "5", "5", "5"},
    {"NegativeInteger", "-12", "-12", "-12"},
    {"MinusZero", "-0", "0", "0"},
    {"LargeInteger", "12345678901234567890123", "12345678901234567890123", "12345678901234567890123"},
    {"SmallFloat", "1e-05", "1e-05", "1e-05"},
    {"Float", "0.10", "0.1", "0.1"},
    {"IntegralFloat", "1.0", "1.0", "1.0"},
    {"Exponent", "1E3", "1000.0", "1000.0"},
    {"LastFixed", "1e15", "1000000000000000.0", "1000000000000000.0"},
    {"FirstScientific", "1e16", "1e+16", "1e+16"},
    {"FirstFixed", "0.0001", "0.0001", "0.0001"},
    {"LastScientific", "0.00001234", "1.234e-05", "1.234e-05"},
    {"FloatMinusZero", "-0.0", "-0.0", "-0.0"},
    {"ManyDigits", "3.141592653589793238", "3.141592653589793", "3.141592653589793"},
    {"Largest", "1.7976931348623157e308", "1.7976931348623157e+308", "1.7976931348623157e+308"},
    {"Smallest", "5e-324", "5e-324", "5e-324"},
    {"Overflow", "1E400", "Infinity", "inf"},
    {"NegativeOverflow", "-1E400", "-Infinity", "-inf"},
    {"Underflow", "1E-400", "0.0", "0.0"},
    {"NotANumber", "NaN", "NaN", "nan"},
    {"Infinity", "Infinity", "Infinity", "inf"},
    {"MinusInfinity", "-Infinity", "-Infinity", "-inf"},
    {"True", "true", "true", "True"},
    {"False", "false", "false", "False"},
    {"Null", "null", "null", "None"},
    {"Text", "\"hello world\"", "\"hello world\"", "hello world"},
    {"SpaceAround", " \t\n3 \r\n", "3", "3"},
    {"List", "[1, 2, 3]", "[1,2,3]", "[1, 2, 3]"},
    {"ListOfTexts", "[\"a\", \"b c\"]", "[\"a\",\"b c\"]", "['a', 'b c']"},
    {"EmptyList", "[ ]", "[]", "[]"},
    {"EmptyDict", "{ }", "{}", "{}"},
    {"DictKeepsItsOrderInText", R"({"b": 2, "a": {"x": 1}})", R"({"a":{"x":1},"b":2})", "{'b': 2, 'a': {'x': 1}}"},
    {"LastOfEqualKeys", R"({"a": 1, "b": 2, "a": 3})", R"({"a":3,"b":2})", "{'a': 3, 'b': 2}"},
    {"Escapes", R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
    {"NotAscii", "\"é\"", R"("\u00e9")", "é"},
    {"EscapedNotAscii", R"("\u00E9")", R"("\u00e9")", "é"},
    {"SurrogatePair", R"("\ud83d\ude00")", R"("\ud83d\ude00")", "😀"},
    {"Quotes", R"(["it's", "say \"x\"", "it's \"x\""])", R"(["it's","say \"x\"","it's \"x\""])",
     R"(["it's", 'say "x"', 'it\'s "x"'])"},
    {"HiddenCharacters", R"(["\u0001\u007f\u00a0\u200b\ufeff\u00e9\n"])",
     R"(["\u0001\u007f\u00a0\u200b\ufeff\u00e9\n"])", R"(['\x01\x7f\xa0\u200b\ufeffé\n'])"},
    {"Mixed", R"([1.5, true, null, {"k": [false]}])", R"([1.5,true,null,{"k":[false]}])",
     "[1.5, True, None, {'k': [False]}]"},
};

class PythonGolden : public testing::TestWithParam<Golden> {};

}  // namespace

TEST_P(PythonGolden, IsWrittenAsPythonWritesIt) {
  const auto value = parse_python_json(GetParam().json);
  ASSERT_TRUE(value);
  EXPECT_EQ(python_json(*value), GetParam().dumps);
  EXPECT_EQ(python_str(*value), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(PythonValue, PythonGolden, testing::ValuesIn(golden),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PythonValue, RefusesWhatPythonRefuses) {
  for (const char* text :
       {"",     " ",    "resnet",  "007",       "+1",          "1.",         ".5",    "1e",    "0x10", "'a'", "\"a",
        "[1",   "[1,]", "[,]",     "{\"a\"}",   "{\"a\":}",    "{\"a\":1,}", "{a:1}", "{1:2}", "1 2",  "nan", "inf",
        "True", "None", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",   "--1",   "-",     "[1]]"}) {
    EXPECT_FALSE(parse_python_json(text)) << text;
  }
}

TEST(PythonValue, RefusesWhatNoVariableCanCarry) {
  EXPECT_FALSE(parse_python_json(R"("\u0000")"));
  EXPECT_FALSE(parse_python_json(R"("\ud800")"));
  EXPECT_FALSE(parse_python_json(R"("\ude00\ud83d")"));
  EXPECT_FALSE(parse_python_json(R"("\ud83dx")"));
}

TEST(PythonValue, RefusesDeepNestingWithoutOverflowingTheStack) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_python_json(nested(100)));
  EXPECT_FALSE(parse_python_json(nested(200)));
  EXPECT_FALSE(parse_python_json(std::string(10'000'000, '[')));
}

TEST(PythonValue, QuotesTextInReprOnly) {
  EXPECT_EQ(python_str(PythonValue("a")), "a");
  EXPECT_EQ(python_repr(PythonValue("a")), "'a'");
  EXPECT_EQ(python_repr(PythonValue("\\")), "'\\\\'");
  EXPECT_EQ(python_repr(PythonValue()), "None");
}

TEST(PythonFloat, ReadsBackEqual) {
  double value = 0.1;
  for (int i = 0; i < 2000; ++i) {
    value = i % 2 == 0 ? value * 1234.5678 : 1 / value;
    if (!std::isnormal(value)) value = 0.7 + i;
    EXPECT_EQ(std::stod(python_float(value)), value);
    EXPECT_EQ(python_float(-value), "-" + python_float(value));
  }
}

}  // namespace smflow::runtime
