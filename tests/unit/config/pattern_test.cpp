#include <string>

#include <gtest/gtest.h>

#include <smflow/config/pattern.hpp>

namespace smflow::config {
namespace {

bool matches(const char* pattern, std::string_view text) {
  const auto compiled = Pattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern << ": " << (compiled ? "" : compiled.error().message);
  return compiled && compiled->matches(text);
}

struct Row {
  const char* name;
  const char* pattern;
  const char* text;
  bool expected;
};
class PatternRow : public testing::TestWithParam<Row> {};

TEST_P(PatternRow, MatchesTheWholeTextOrNot) {
  EXPECT_EQ(matches(GetParam().pattern, GetParam().text), GetParam().expected)
      << GetParam().pattern << " on " << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, PatternRow,
    testing::Values(Row{"Empty", "", "", true}, Row{"EmptyNot", "", "a", false}, Row{"Literal", "abc", "abc", true},
                    Row{"NotASearch", "b", "abc", false}, Row{"NotAPrefix", "ab", "abc", false},
                    Row{"Dot", "a.c", "axc", true}, Row{"DotIsNoNewline", "a.c", "a\nc", false},
                    Row{"DotIsOneCharacter", ".", "€", true}, Row{"Class", "[a-c]+", "abcab", true},
                    Row{"ClassNot", "[a-c]+", "abd", false}, Row{"Negated", "[^/]+", "a b", true},
                    Row{"NegatedNot", "[^/]+", "a/b", false}, Row{"DashLast", "[a-]+", "a-a", true},
                    Row{"DashFirst", "[-a]+", "a-a", true}, Row{"EscapeInClass", R"([\]\\]+)", R"(]\)", true},
                    Row{"UnicodeClass", "[ä-ü]", "ö", true}, Row{"Digit", R"(\d{3})", "123", true},
                    Row{"DigitNot", R"(\d)", "a", false}, Row{"Word", R"(\w+)", "a_1", true},
                    Row{"NonWord", R"(\W)", "-", true}, Row{"NonDigitOfUnicode", R"(\D)", "€", true},
                    Row{"Space", R"(\s\S)", "\tx", true}, Row{"ClassOfClasses", R"([\d_]+)", "1_2", true},
                    Row{"Escapes", R"(a\.b\n\t)", "a.b\n\t", true}, Row{"Star", "a*", "", true},
                    Row{"Plus", "a+", "", false}, Row{"Question", "colou?r", "color", true},
                    Row{"Exactly", "a{2}", "aaa", false}, Row{"AtLeast", "a{2,}", "aaaa", true},
                    Row{"Between", "a{2,3}", "aaaa", false}, Row{"BetweenYes", "a{2,3}", "aa", true},
                    Row{"Zero", "a{0}b", "b", true}, Row{"Group", "(ab)+", "abab", true},
                    Row{"GroupNot", "(ab)+", "aba", false}, Row{"NonCapturing", "(?:ab|c)*", "cabc", true},
                    Row{"Alternatives", "a|bc|", "bc", true}, Row{"EmptyAlternative", "a|bc|", "", true},
                    Row{"AlternativesAreWhole", "a|bc", "abc", false}, Row{"Nested", "((a|b)c){2}", "acbc", true},
                    Row{"StarOfStar", "(a*)*", "aaa", true},
                    Row{"JobName", "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "gan-training", true},
                    Row{"JobNameNot", "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "gan_training", false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Pattern, TakesLinearTimeWhereBacktrackingExplodes) {
  const std::string text(20'000, 'a');
  EXPECT_FALSE(matches("(a*)*b", text));
  EXPECT_FALSE(matches("(a|a)*b", text));
  EXPECT_FALSE(matches("[a-z](-*[a-z0-9])*!", std::string(50'000, 'a')));
}

struct Refused {
  const char* name;
  const char* pattern;
  const char* why;
};
class RefusedPattern : public testing::TestWithParam<Refused> {};

TEST_P(RefusedPattern, SaysWhere) {
  const auto compiled = Pattern::compile(GetParam().pattern);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code, "E051");
  EXPECT_EQ(compiled.error().message,
            "the pattern '" + std::string(GetParam().pattern) + "' is not usable at character " + GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedPattern,
    testing::Values(
        Refused{"OpenGroup", "(a", "3: ')' is missing"}, Refused{"CloseOnly", "a)", "2: ')' has no '('"},
        Refused{"OpenClass", "[a", "3: ']' is missing"}, Refused{"EmptyClass", "[]", "2: '[' holds nothing"},
        Refused{"Descending", "[z-a]", "5: a range in [ ] needs two characters in ascending order"},
        Refused{"Lookahead", "(?=a)", "3: only (?: ) is known of the special groups"},
        Refused{"StarFirst", "*a", "1: '*' cannot stand here; the whole text is matched, and a literal one is '\\*'"},
        Refused{"Anchor", "^a", "1: '^' cannot stand here; the whole text is matched, and a literal one is '\\^'"},
        Refused{"Dollar", "a$", "2: '$' cannot stand here; the whole text is matched, and a literal one is '\\$'"},
        Refused{"Lazy", "a*?", "3: two quantifiers follow each other"},
        Refused{"OpenCount", "a{2", "4: '{' needs a number or two and '}'"},
        Refused{"NoCount", "a{}", "3: '{' needs a number"},
        Refused{"Backwards", "a{3,2}", "7: the second number is smaller than the first"},
        Refused{"TooMany", "a{1001}", "7: more than 1000 repetitions"},
        Refused{"BackReference", R"((a)\1)", "6: an unknown character follows '\\'"},
        Refused{"Unicode", R"(\u0041)", "3: an unknown character follows '\\'"},
        Refused{"BackslashLast", "a\\", "3: an unknown character follows '\\'"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Pattern, HasBounds) {
  EXPECT_FALSE(Pattern::compile(std::string(1001, 'a')));
  EXPECT_FALSE(Pattern::compile("((((a{1000}){1000}){1000}){1000}){1000}")) << "the steps are counted, not written";
  EXPECT_FALSE(Pattern::compile(std::string(21, '(') + "a" + std::string(21, ')')));
  EXPECT_TRUE(Pattern::compile(std::string(20, '(') + "a" + std::string(20, ')')));
}

}  // namespace
}  // namespace smflow::config
