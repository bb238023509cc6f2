#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/json.hpp>

namespace smflow {
namespace {

using testing::HasSubstr;

std::string problem(std::string_view text, JsonLimits limits = {}) {
  const auto parsed = parse_json(text, "record.json", limits);
  if (parsed) return "none";
  EXPECT_EQ(parsed.error().code, "E902");
  EXPECT_THAT(parsed.error().message, HasSubstr("record.json"));
  return parsed.error().message;
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST(ParseJson, TakesOneDocument) {
  EXPECT_EQ(parse_json(R"( {"a": [1, 2.5, "x", true, null]} )", "x").value()["a"][2], "x");
  EXPECT_EQ(parse_json("7", "x").value(), 7);
  EXPECT_EQ(parse_json("\xEF\xBB\xBF{}", "x").value(), Json::object());
  EXPECT_EQ(parse_json(R"({"a": {"k": 1}, "b": {"k": 1}})", "x").value()["b"]["k"], 1) << "one key in two objects";
}

TEST(ParseJson, RefusesWhatIsNoDocument) {
  for (const std::string_view text :
       {"", " ", "{", "{} {}", "{}x", "{'a': 1}", "[1,]", "nul", "\"\xff\"", "1e999", "// c\n{}"}) {
    EXPECT_THAT(problem(text), HasSubstr("not valid JSON")) << text;
  }
}

TEST(ParseJson, RefusesAKeyThatIsThereTwice) {
  EXPECT_THAT(problem(R"({"a": 1, "b": {"c": 1, "c": 2}})"), HasSubstr("the key \"c\" is there twice"));
  EXPECT_THAT(problem(R"([{"a": 1}, {"a": 1, "a": 1}])"), HasSubstr("twice"));
  EXPECT_THAT(problem("{\"\\u0061\": 1, \"a\": 2}"), HasSubstr("twice"));
}

TEST(ParseJson, BoundsTheDepth) {
  EXPECT_EQ(problem(nested(64)), "none");
  EXPECT_THAT(problem(nested(70)), HasSubstr("nested deeper than 64"));
  EXPECT_EQ(problem(nested(3), {.depth = 3}), "none");
  EXPECT_THAT(problem(nested(5), {.depth = 3}), HasSubstr("nested deeper than 3"));
}

TEST(ParseJson, EndsEarlyOnABombOfBrackets) {
  EXPECT_THAT(problem(std::string(20u << 20, '[')), HasSubstr("nested deeper"));
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(problem(objects), HasSubstr("nested deeper"));
}

TEST(ParseJson, BoundsTheSize) {
  EXPECT_EQ(problem("[1,2]", {.bytes = 5}), "none");
  EXPECT_THAT(problem("[1,23]", {.bytes = 5}), HasSubstr("larger than 5 bytes"));
}

}  // namespace
}  // namespace smflow
