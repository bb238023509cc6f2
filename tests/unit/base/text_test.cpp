#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/text.hpp>

namespace smflow {
namespace {

using testing::ElementsAre;

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,b", ','), ElementsAre("a", "b"));
  EXPECT_THAT(split(",a,,", ','), ElementsAre("", "a", "", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Trim, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(ToUpper, IsAsciiOnly) {
  EXPECT_EQ(to_upper("abcXYZ-1ä"), "ABCXYZ-1ä");
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join(std::vector<std::string>{"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
}

TEST(EditDistance, CountsASwapAsOne) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("BATHC", "BATCH"), 1u);
  EXPECT_EQ(edit_distance("ab", "ba"), edit_distance("ba", "ab"));
}

TEST(Nearest, FindsATypoAndNothingFarAway) {
  const std::vector<std::string> keys = {"LEARNING_RATE", "BATCH_SIZE", "NUM_EPOCHS", "LR"};
  EXPECT_EQ(nearest("LEARNING_RAT", keys), "LEARNING_RATE");
  EXPECT_EQ(nearest("batch_size", keys), "BATCH_SIZE");
  EXPECT_EQ(nearest("BATHC_SIZE", keys), "BATCH_SIZE");
  EXPECT_EQ(nearest("LS", keys), "LR") << "a short name may differ in one letter";
  EXPECT_EQ(nearest("COMPLETELY_DIFFERENT", keys), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'x'), keys), "") << "a hostile key costs no time";
}

TEST(ShellQuote, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(shell_quote("plain/file-1.txt"), "plain/file-1.txt");
  EXPECT_EQ(shell_quote(""), "''");
  EXPECT_EQ(shell_quote("two words"), "'two words'");
  EXPECT_EQ(shell_quote("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quote("~"), "'~'");
}

struct Utf8Row {
  const char* name;
  std::string_view bytes;
  bool valid;
};
class Utf8 : public testing::TestWithParam<Utf8Row> {};

TEST_P(Utf8, IsJudgedByTheStandard) {
  EXPECT_EQ(is_valid_utf8(GetParam().bytes), GetParam().valid);
  EXPECT_TRUE(is_valid_utf8(printable(GetParam().bytes)));
}

INSTANTIATE_TEST_SUITE_P(
    Sequences, Utf8,
    testing::Values(Utf8Row{"Empty", "", true}, Utf8Row{"Ascii", "abc\x7f", true},
                    Utf8Row{"Two", "\xC2\x80\xDF\xBF", true},
                    Utf8Row{"Three", "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80", true},
                    Utf8Row{"Four", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true}, Utf8Row{"Overlong2", "\xC1\xBF", false},
                    Utf8Row{"Overlong3", "\xE0\x9F\xBF", false}, Utf8Row{"Overlong4", "\xF0\x8F\xBF\xBF", false},
                    Utf8Row{"Surrogate", "\xED\xA0\x80", false}, Utf8Row{"TooLarge", "\xF4\x90\x80\x80", false},
                    Utf8Row{"FiveBytes", "\xF8\x88\x80\x80\x80", false}, Utf8Row{"Alone", "\x80", false},
                    Utf8Row{"Cut", "\xE2\x82", false}, Utf8Row{"CutByAscii", "\xE2\x82x", false}),
    [](const auto& row) { return row.param.name; });

TEST(Printable, KeepsTextAndDisarmsControls) {
  EXPECT_EQ(printable("ä\tb\n"), "ä\tb\n");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable(std::string_view("a\0b\r\x7f", 5)), "a\\x00b\\x0d\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\x9b31m")
      << "the one-byte form of the escape sequence";
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Utf8Prefix, CutsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("aäb", 2), "a");
  EXPECT_EQ(utf8_prefix("aäb", 3), "aä");
  EXPECT_EQ(utf8_prefix("abc", 9), "abc");
  EXPECT_EQ(utf8_prefix("ä", 0), "");
  EXPECT_EQ(utf8_prefix_characters("aäöb", 3), "aäö");
  EXPECT_EQ(utf8_prefix_characters("aä", 0), "");
  EXPECT_EQ(utf8_prefix_characters("aä", 2), "aä");
}

TEST(Counted, KnowsThePlural) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(2, "file"), "2 files");
}

TEST(FormatBytes, ChoosesTheUnit) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1.0 KiB");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(1048575), "1.0 MiB");
  EXPECT_EQ(format_bytes(3.2 * 1024 * 1024 * 1024), "3.2 GiB");
  EXPECT_EQ(format_bytes(5e15), "4547.5 TiB");
}

}  // namespace
}  // namespace smflow
