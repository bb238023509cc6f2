#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/docker/ignore_rules.hpp>

namespace smflow::docker {
namespace {

struct Case {
  const char* rules;
  const char* path;
  bool ignored;
};

TEST(IgnoreRulesTest, DecideAsDockerDoes) {
  const Case cases[] = {
      {"a", "a", true},
      {"a", "a/b/c", true},
      {"a", "ab", false},
      {"a", "b/a", false},
      {"/a/", "a/b", true},
      {"./a/../b", "b", true},
      {".", "a", false},
      {"# a\n\n  b  ", "b", true},
      {"# a", "# a", false},
      {"*.md", "README.md", true},
      {"*.md", "docs/README.md", false},
      {"*/*.md", "docs/README.md", true},
      {"**/*.md", "README.md", true},
      {"**/*.md", "a/b/README.md", true},
      {"**/build", "a/build/x", true},
      {"**/build", "a/rebuild", false},
      {"**", "a/b", true},
      {"a/**", "a", false},
      {"a/**", "a/b/c", true},
      {"a/**/z", "a/z", true},
      {"a/**/z", "a/b/c/z", true},
      {"a/**/z", "a/bz", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"[a-c]x", "bx", true},
      {"[^a-c]x", "bx", false},
      {"[^a-c]x", "dx", true},
      {"[^a]x", "/x", false},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"a+(b)", "a+(b)", true},
      {"*.md\n!README.md", "README.md", false},
      {"*.md\n!README.md\nREAD*", "README.md", true},
      {"*\n!a/b", "a/b/c", false},
      {"*\n!a/b", "a/c", true},
      {"*\n! **/*.cpp", "a/b.cpp", false},
      {"\xef\xbb\xbf*", "a", true},
  };
  for (const Case& one : cases) {
    const auto rules = IgnoreRules::parse(one.rules, ".dockerignore");
    ASSERT_TRUE(rules) << one.rules;
    EXPECT_EQ(rules->ignores(one.path), one.ignored) << one.rules << " on " << one.path;
  }
}

TEST(IgnoreRulesTest, RefuseWhatIsNoPattern) {
  for (const char* text : {"a\n[", "a\n[]", "a\n[a-", "a\n!", "a\nb\\"}) {
    const auto rules = IgnoreRules::parse(text, "x/.dockerignore");
    ASSERT_FALSE(rules) << text;
    EXPECT_EQ(rules.error().code, "E358");
    EXPECT_EQ(rules.error().where->line, 2);
  }
}

TEST(IgnoreRulesTest, TakeNoTimeOnAHostilePattern) {
  std::string pattern, path;
  for (int i = 0; i < 200; ++i) pattern += "**/*a*";
  for (int i = 0; i < 2000; ++i) path += "a/";
  EXPECT_FALSE(IgnoreRules::parse(pattern + "b", "")->ignores(path + "c"));
}

TEST(IgnoreRulesTest, KnowThatThereAreExceptions) {
  EXPECT_FALSE(IgnoreRules::parse("a\nb", "")->has_exceptions());
  EXPECT_TRUE(IgnoreRules::parse("a\n!a/b", "")->has_exceptions());
}

}  // namespace
}  // namespace smflow::docker
