#include "sample_config.hpp"

#include <functional>
#include <stdexcept>

#include <gtest/gtest.h>

#include <smflow/base/text.hpp>
#include <smflow/config/schema.hpp>

// The self-test of a schema: a template's mistakes are found when it is made, not when somebody sets the option.
namespace smflow::config::test {
namespace {

Schema sound_schema() {
  return {.name = "shop",
          .doc = "One shop.",
          .sections = {{"SHOP", "What is sold."}},
          .fields = {{.section = "SHOP",
                      .key = "COUNT",
                      .type = {.kind = Kind::integer},
                      .default_value = {std::int64_t{1}},
                      .about = {.doc = "How many."}},
                     {.section = "SHOP",
                      .key = "NAME",
                      .type = {.kind = Kind::text},
                      .default_value = {std::string("a")},
                      .about = {.doc = "What it is called."}},
                     {.section = "SHOP",
                      .key = "TAGS",
                      .type = {.kind = Kind::mapping},
                      .default_value = {TextMap{}},
                      .about = {.doc = "Labels of it."}}}};
}

struct Row {
  const char* name;
  std::function<void(Schema&)> spoil;
  const char* fault;  // the first one
};

class SchemaFaults : public testing::TestWithParam<Row> {};

TEST_P(SchemaFaults, AreNamed) {
  Schema schema = sound_schema();
  GetParam().spoil(schema);
  const auto found = faults(schema);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front(), GetParam().fault);
  EXPECT_THROW(sound(schema), std::logic_error);
}

Field& number(Schema& schema) {
  return schema.fields[0];
}
Field& text(Schema& schema) {
  return schema.fields[1];
}
Field& mapping(Schema& schema) {
  return schema.fields[2];
}

INSTANTIATE_TEST_SUITE_P(
    Words, SchemaFaults,
    testing::Values(
        Row{"NoSentence", [](Schema& s) { number(s).about.doc = ""; }, "'SHOP.COUNT' has no sentence with a full stop"},
        Row{"NoFullStop", [](Schema& s) { number(s).about.doc = "How many"; },
            "'SHOP.COUNT' has no sentence with a full stop"},
        Row{"DefaultBelowMinimum", [](Schema& s) { number(s).about.min = 2; },
            "'SHOP.COUNT' must be a whole number of at least 2, which its default is not"},
        Row{"DefaultAboveMaximum", [](Schema& s) { number(s).about.max = 0; },
            "'SHOP.COUNT' must be a whole number of at most 0, which its default is not"},
        Row{"MinimumAboveMaximum",
            [](Schema& s) {
              number(s).about.min = 3;
              number(s).about.max = 2;
            },
            "'SHOP.COUNT' has a minimum above its maximum"},
        Row{"LimitsOfAText", [](Schema& s) { text(s).about.min = 1; }, "'SHOP.NAME' has limits but is no number"},
        Row{"PatternOfANumber", [](Schema& s) { number(s).about.pattern = "1"; },
            "'SHOP.COUNT' has choices, a pattern or spellings but is no text"},
        Row{"ChoicesOfANumber", [](Schema& s) { number(s).about.one_of = {"1"}; },
            "'SHOP.COUNT' has choices, a pattern or spellings but is no text"},
        Row{"SpellingsOfANumber",
            [](Schema& s) {
              number(s).about.spellings = {{"one", "1"}};
            },
            "'SHOP.COUNT' has choices, a pattern or spellings but is no text"},
        Row{"DefaultIsNoChoice",
            [](Schema& s) {
              text(s).about.one_of = {"b", "c"};
            },
            "'SHOP.NAME' must be one of b, c, which its default is not"},
        Row{"DefaultBreaksPattern", [](Schema& s) { text(s).about.pattern = "[0-9]"; },
            "'SHOP.NAME' must be a text that matches [0-9], which its default is not"},
        Row{"PatternDoesNotCompile", [](Schema& s) { text(s).about.pattern = "(a"; },
            "'SHOP.NAME' the pattern '(a' is not usable at character 3: ')' is missing"},
        Row{"ExampleBreaksPattern",
            [](Schema& s) {
              text(s).about.pattern = "[a-z]";
              text(s).about.example = "Z";
            },
            "'SHOP.NAME' has a wrong example: 'SHOP.NAME' must be a text that matches [a-z], found 'Z'"},
        Row{"ExampleOfAnotherType", [](Schema& s) { number(s).about.example = "many"; },
            "'SHOP.COUNT' has a wrong example: 'SHOP.COUNT' must be a whole number, found 'many'"},
        Row{"ExampleOfAMapping", [](Schema& s) { mapping(s).about.example = "{a}"; },
            "'SHOP.TAGS' has a wrong example: a ':' is missing after the name"},
        Row{"RequiredWithDefault", [](Schema& s) { text(s).about.required = true; },
            "'SHOP.NAME' is required and has a default; give it one or the other"},
        Row{"RequiredNumber", [](Schema& s) { number(s).about.required = true; },
            "'SHOP.COUNT' is required and has a default; give it one or the other"},
        Row{"SpellingOfARefusedValue",
            [](Schema& s) {
              text(s).about.one_of = {"a"};
              text(s).about.spellings = {{"A", "b"}};
            },
            "'SHOP.NAME' has a spelling of a value it refuses"},
        Row{"OldNameOfAnOption", [](Schema& s) { number(s).about.renamed_from = {"NAME"}; },
            "'SHOP.COUNT' has the old name 'SHOP.NAME' of an option"},
        Row{"OldNameTwice",
            [](Schema& s) {
              number(s).about.renamed_from = {"OLD"};
              text(s).about.renamed_from = {"SHOP.OLD"};
            },
            "'SHOP.NAME' has the old name 'SHOP.OLD' of another"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Structure, SchemaFaults,
    testing::Values(
        Row{"NoName", [](Schema& s) { s.name = ""; }, "it has no name"},
        Row{"NoSections",
            [](Schema& s) {
              s.sections.clear();
              s.fields.clear();
            },
            "it has no sections"},
        Row{"SectionTwice", [](Schema& s) { s.sections.push_back(s.sections[0]); }, "section 'SHOP' is there twice"},
        Row{"SectionInLowerCase",
            [](Schema& s) {
              s.sections.push_back({"shop", "A shop."});
            },
            "section 'shop' is not named in upper case"},
        Row{"SectionWithoutSentence",
            [](Schema& s) {
              s.sections.push_back({"X", ""});
            },
            "section 'X' has no sentence"},
        Row{"KeyInLowerCase", [](Schema& s) { number(s).key = "count"; }, "'SHOP.count' is not named in upper case"},
        Row{"KeyWithADot", [](Schema& s) { number(s).key = "A.B"; }, "'SHOP.A.B' is not named in upper case"},
        Row{"KeyWithALineBreak", [](Schema& s) { number(s).key = "A\nB"; }, "'SHOP.A\nB' is not named in upper case"},
        Row{"OptionTwice", [](Schema& s) { s.fields.push_back(number(s)); }, "'SHOP.COUNT' is there twice"},
        Row{"OptionOutsideSections", [](Schema& s) { number(s).section = "BARN"; }, "'BARN.COUNT' is in no section"},
        Row{"ListOfMappings", [](Schema& s) { mapping(s).type.list = true; }, "'SHOP.TAGS' is a list of mappings"},
        Row{"DefaultOfAnotherType", [](Schema& s) { number(s).default_value = {true}; },
            "'SHOP.COUNT' has a default of another type"},
        Row{"NullDefault", [](Schema& s) { number(s).default_value = {}; },
            "'SHOP.COUNT' has a default of another type"},
        Row{"ElementOfAnotherType",
            [](Schema& s) {
              number(s).type.list = true;
              number(s).default_value = {Value::List{{std::string("a")}}};
            },
            "'SHOP.COUNT' has a default of another type"},
        Row{"DefaultBeyond32Bits",
            [](Schema& s) {
              number(s).type.fits_int = true;
              number(s).default_value = {std::int64_t{1} << 31};
            },
            "'SHOP.COUNT' must be a whole number that fits in 32 bits, which its default is not"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Secrets, SchemaFaults,
    testing::Values(
        Row{"Password", [](Schema& s) { text(s).key = "DB_PASSWORD"; },
            "'SHOP.DB_PASSWORD' is named like a secret, which no configuration may hold"},
        Row{"Secret", [](Schema& s) { text(s).key = "SECRET"; },
            "'SHOP.SECRET' is named like a secret, which no configuration may hold"},
        Row{"Token", [](Schema& s) { text(s).key = "HUB_TOKEN"; },
            "'SHOP.HUB_TOKEN' is named like a secret, which no configuration may hold"},
        Row{"KeyId", [](Schema& s) { text(s).key = "ACCESS_KEY_ID"; },
            "'SHOP.ACCESS_KEY_ID' is named like a secret, which no configuration may hold"},
        Row{"AccessKeyAsDefault", [](Schema& s) { text(s).default_value = {std::string("AKIAIOSFODNN7EXAMPLE")}; },
            "'SHOP.NAME' must not hold a credential, since configurations are stored and shown, which its default is "
            "not"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(Rules, SchemaFaults,
                         testing::Values(Row{"UnknownLeft",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.X", "==", "1", "why"}};
                                             },
                                             "a rule about 'SHOP.X': 'SHOP.X' is no option"},
                                         Row{"UnknownOperator",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.COUNT", "=~", "1", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': '=~' is no operator"},
                                         Row{"OrderOfTexts",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.NAME", "<", "b", "why"}};
                                             },
                                             "a rule about 'SHOP.NAME': '<' compares numbers only"},
                                         Row{"OrderAgainstAText",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.COUNT", "<", "SHOP.NAME", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': '<' compares numbers only"},
                                         Row{"ValueOfAnotherType",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.COUNT", "<", "many", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': 'many' is no value of 'SHOP.COUNT'"},
                                         Row{"StartsWithANumber",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.COUNT", "starts-with", "1", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': starts-with compares texts only"},
                                         Row{"UnknownCondition",
                                             [](Schema& s) {
                                               s.rules = {{"SHOP.X", "SHOP.COUNT", "==", "1", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': 'SHOP.X' is no option"},
                                         Row{"OrderAsCondition",
                                             [](Schema& s) {
                                               s.rules = {{"SHOP.COUNT < 3", "SHOP.COUNT", "==", "1", "why"}};
                                             },
                                             "a rule about 'SHOP.COUNT': 'SHOP.COUNT < 3' is no condition"},
                                         Row{"NoReason",
                                             [](Schema& s) {
                                               s.rules = {{"", "SHOP.COUNT", "==", "1", ""}};
                                             },
                                             "a rule about 'SHOP.COUNT': it does not say why"}),
                         [](const auto& row) { return std::string(row.param.name); });

// Words of a schema file stand in comments and tables; a line break there would begin a line of its own.
INSTANTIATE_TEST_SUITE_P(
    HostileWords, SchemaFaults,
    testing::Values(Row{"LineBreakInTheExample", [](Schema& s) { text(s).about.example = "a\nEVIL: 1"; },
                        "'SHOP.NAME' has a line break or control character in its words"},
                    Row{"CarriageReturnInTheSentence", [](Schema& s) { text(s).about.doc = "a\rEVIL: 1."; },
                        "'SHOP.NAME' has a line break or control character in its words"},
                    Row{"LineSeparatorInTheUnit", [](Schema& s) { number(s).about.unit = "a\xE2\x80\xA8"; },
                        "'SHOP.COUNT' has a line break or control character in its words"},
                    Row{"EscapeInThePatternWords",
                        [](Schema& s) {
                          text(s).about.pattern = "a";
                          text(s).about.pattern_words = "\x1b[31m";
                        },
                        "'SHOP.NAME' has a line break or control character in its words"},
                    Row{"LineBreakInTheVariable", [](Schema& s) { text(s).about.env = "A\nB"; },
                        "'SHOP.NAME' has a line break or control character in its words"},
                    Row{"LineBreakInTheSectionsSentence", [](Schema& s) { s.sections[0].doc = "a\nEVIL: 1."; },
                        "section 'SHOP' has a line break or control character in its words"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SoundSchema, HasNoFaults) {
  EXPECT_TRUE(faults(sound_schema()).empty()) << join(faults(sound_schema()), "; ");
  EXPECT_TRUE(faults(*schema_of<SampleConfig>()).empty());
}

TEST(SoundSchema, ThrowsWithAllFaultsAndTheConfigurationsName) {
  Schema schema = sound_schema();
  number(schema).about.min = 2;
  text(schema).about.doc = "";
  try {
    sound(schema);
    FAIL();
  } catch (const std::logic_error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("shop configuration"), std::string::npos);
    EXPECT_NE(what.find("'SHOP.COUNT'"), std::string::npos);
    EXPECT_NE(what.find("'SHOP.NAME'"), std::string::npos);
  }
}

TEST(TypeWords, SayWhatAValueIs) {
  const auto words = [](const char* path) { return type_words(*schema_of<SampleConfig>()->find(path)); };
  EXPECT_EQ(words("MACHINE.COUNT"), "a whole number from 1 to 100 (machines)");
  EXPECT_EQ(words("MACHINE.RUN_TIME"), "a whole number of at least 1 (seconds)");
  EXPECT_EQ(words("MACHINE.WAIT_TIME"), "a whole number of at most 1000 (seconds)");
  EXPECT_EQ(words("MACHINE.SPOT"), "true or false");
  EXPECT_EQ(words("MACHINE.KIND"), "local, local_gpu, or an instance type like ml.g5.xlarge");
  EXPECT_EQ(words("MACHINE.ZONE"), "a text that matches [a-c]");
  EXPECT_EQ(words("VALUE.MODE"), "one of File, FastFile, Pipe, auto");
  EXPECT_EQ(words("VALUE.LIMIT"), "a whole number of at least 1, or null");
  EXPECT_EQ(words("VALUE.RATE"), "a number from 0 to 10");
  EXPECT_EQ(words("MANY.SIZES"), "a list, each element a whole number from 1 to 1024 (pixels)");
  EXPECT_EQ(words("MANY.TAGS"), "a mapping of names to texts");
}

}  // namespace
}  // namespace smflow::config::test
