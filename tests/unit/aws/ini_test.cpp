#include <algorithm>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/ini.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;

std::vector<IniSection> parsed(std::string_view text) {
  auto sections = parse_ini(text, "config");
  EXPECT_TRUE(sections) << sections.error().message;
  return sections.value_or(std::vector<IniSection>{});
}

TEST(Ini, ReadsSectionsKeysAndComments) {
  const auto sections = parsed(
      "\xEF\xBB\xBF# top\n[default]\r\nRegion = eu-west-1\r\n; more\nrole_arn: arn:aws:iam::1:role/x\n\n[profile a b ] "
      "x\n"
      "empty =\nurl = http://h/?a=b#c\n");
  ASSERT_EQ(sections.size(), 2u);
  EXPECT_EQ(sections[0].name, "default");
  EXPECT_EQ(sections[0].values.at("region").text, "eu-west-1");
  EXPECT_EQ(sections[0].values.at("role_arn").text, "arn:aws:iam::1:role/x");
  EXPECT_EQ(sections[1].name, "profile a b");
  EXPECT_EQ(sections[1].values.at("empty").text, "");
  EXPECT_EQ(sections[1].values.at("url").text, "http://h/?a=b#c");
}

TEST(Ini, NestsIndentedLinesBelowAnEmptyValue) {
  const auto sections =
      parsed("[services lab]\ns3 =\n  endpoint_url = http://127.0.0.1:9000\n\n  # c\n\tMax = 3\necr = x\n");
  EXPECT_EQ(sections[0].values.at("s3").nested,
            (std::map<std::string, std::string>{{"endpoint_url", "http://127.0.0.1:9000"}, {"max", "3"}}));
  EXPECT_EQ(sections[0].values.at("ecr").text, "x");
}

TEST(Ini, GoesOnWithAValueOnIndentedLines) {
  EXPECT_EQ(parsed("[a]\nk = one\n  two\n")[0].values.at("k").text, "one\ntwo");
}

TEST(Ini, TakesASectionThatIsIndentedAsAWhole) {
  const auto sections = parsed("[a]\n  x = 1\n  y = 2\n[b]\n  x = 3\n");
  EXPECT_EQ(sections[0].values.at("y").text, "2");
  EXPECT_EQ(sections[1].values.at("x").text, "3");
}

TEST(Ini, SaysWhereItIsNoIni) {
  const std::pair<const char*, const char*> rows[] = {{"[a\n", "no ']'"},
                                                      {"k = v\n", "before the first [section]"},
                                                      {"[a]\nnonsense\n", "not 'key = value'"},
                                                      {"[a]\n= v\n", "not 'key = value'"},
                                                      {"[a]\nk =\n  nonsense\n", "not 'key = value'"}};
  for (const auto& [text, why] : rows) {
    const auto sections = parse_ini(text, "/home/a/.aws/config");
    ASSERT_FALSE(sections) << text;
    EXPECT_EQ(sections.error().code, "E403");
    EXPECT_THAT(sections.error().message, HasSubstr(why));
    EXPECT_EQ(sections.error().where->line, std::count(text, text + std::strlen(text), '\n')) << text;
  }
}

}  // namespace
}  // namespace smflow::aws
