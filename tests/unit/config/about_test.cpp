#include "sample_loading.hpp"

#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>

// Each word of About, once kept and once violated, in the order of the struct.
namespace smflow::config::test {
namespace {

const Field& option(const char* path) {
  return *schema_of<SampleConfig>()->find(path);
}

std::string said(const std::string& yaml) {
  const Config config = checked(yaml);
  return config.errors().empty() ? "" : config.errors()[0].code + " " + config.errors()[0].message;
}

TEST(About, DocIsShownWithTheHint) {
  EXPECT_EQ(merged("MACHINE: {SPOTS: true}\n").errors()[0].fix, "did you mean SPOT? (Rent spare capacity.)");
}

TEST(About, UnitStandsInTheMessage) {
  EXPECT_NE(said("MACHINE: {RUN_TIME: 0}\n").find("(seconds)"), std::string::npos);
}

TEST(About, MinIsInclusive) {
  EXPECT_EQ(said("MACHINE: {COUNT: 1}\nVALUE: {RATE: 0}\nMANY: {SIZES: [1]}\n"), "");
  EXPECT_EQ(said("MACHINE: {COUNT: 0}\n").substr(0, 4), "E025");
  EXPECT_EQ(said("VALUE: {RATE: -1e-9}\n").substr(0, 4), "E025");
  EXPECT_EQ(said("VALUE: {LIMIT: 0}\n").substr(0, 4), "E025");
  EXPECT_EQ(said("MANY: {SIZES: [1, 0]}\n").substr(0, 4), "E025");
}

TEST(About, MaxIsInclusive) {
  EXPECT_EQ(said("MACHINE: {COUNT: 100}\nVALUE: {RATE: 10}\nMANY: {SIZES: [1024]}\n"), "");
  EXPECT_EQ(said("MACHINE: {COUNT: 101}\n").substr(0, 4), "E025");
  EXPECT_EQ(said("VALUE: {RATE: 10.000001}\n").substr(0, 4), "E025");
  EXPECT_EQ(said("MANY: {SIZES: [1025]}\n").substr(0, 4), "E025");
}

TEST(About, OneOfIsTheEnumsNames) {
  EXPECT_EQ(option("VALUE.MODE").about.one_of, (std::vector<std::string>{"File", "FastFile", "Pipe", "auto"}));
  EXPECT_EQ(said("VALUE: {MODE: auto}\n"), "");
  EXPECT_EQ(said("VALUE: {MODE: Auto}\n").substr(0, 4), "E026");
}

TEST(About, PatternHoldsForTheWholeTextAndEachElement) {
  EXPECT_EQ(said("MACHINE: {ZONE: b}\nMANY: {NAMES: [a, b]}\n"), "");
  EXPECT_EQ(said("MACHINE: {ZONE: bb}\n").substr(0, 4), "E012");
  EXPECT_EQ(said("MACHINE: {ZONE: ''}\n").substr(0, 4), "E012");
  EXPECT_EQ(said("MANY: {NAMES: [a, 'b c']}\n").substr(0, 4), "E012");
}

TEST(About, PatternWordsReplaceThePattern) {
  const std::string words = said("MACHINE: {KIND: x}\n");
  EXPECT_NE(words.find("an instance type like ml.g5.xlarge"), std::string::npos);
  EXPECT_EQ(words.find("[a-z0-9-]"), std::string::npos);
}

TEST(About, ExampleIsTheNextStep) {
  EXPECT_EQ(merged("MACHINE: {KIND: x}\n").errors()[0].fix, "for example KIND: ml.g5.xlarge");
}

TEST(About, RequiredHasToBeSetByAnySource) {
  Config config(schema_of<SampleConfig>());
  config.check();
  EXPECT_EQ(error_codes(config), "E030");
  EXPECT_EQ(error_codes(load(schema_of<SampleConfig>(), {.assignments = {"MACHINE.OWNER=me"}})), "");
  EXPECT_EQ(error_codes(load(schema_of<SampleConfig>(), {.assignments = {"MACHINE.OWNER="}})), "E030");
}

TEST(About, EnvIsReadAndItsValueIsChecked) {
  Config config(schema_of<SampleConfig>());
  config.merge_environment(lookup_in({{"SAMPLE_RATES", "fast"}}));
  EXPECT_EQ(error_codes(config), "E024");
  EXPECT_EQ(config.errors()[0].excerpt, "SAMPLE_RATES=fast\n             ^^^^");
}

TEST(About, RenamedFromIsTakenWithAWarning) {
  for (const char* old : {"MACHINE: {NUMBER: 7}\n", "OLD: {COUNT: 7}\n"}) {
    const Config config = checked(old);
    EXPECT_EQ(error_codes(config), "") << old;
    EXPECT_EQ(warning_codes(config), "E040") << old;
    EXPECT_EQ(to_text(config.value("MACHINE.COUNT")), "7") << old;
  }
  EXPECT_EQ(error_codes(checked("OLD: {OTHER: 7}\n")), "E020") << "only the old name itself is known";
  EXPECT_EQ(error_codes(checked("VALUE: {NUMBER: 7}\n")), "E020");
  EXPECT_EQ(error_codes(checked("MACHINE: {NUMBER: 0}\n")), "E025") << "the value is checked as always";
}

TEST(About, DeprecatedIsTakenWithAWarning) {
  const Config config = checked("MACHINE: {TURBO: true}\n");
  EXPECT_EQ(warning_codes(config), "E041");
  EXPECT_EQ(to_text(config.value("MACHINE.TURBO")), "true");
  EXPECT_EQ(warning_codes(checked("")), "") << "nobody is warned of what they did not write";
}

TEST(About, IdentityLeavesAnOptionOutOfTheHash) {
  const Config config = checked("");
  EXPECT_EQ(canonical_text(config, Scope::identity).find("MACHINE.SPOT"), std::string::npos);
  EXPECT_NE(canonical_text(config, Scope::identity).find("MACHINE.COUNT"), std::string::npos);
}

TEST(About, SpellingsAreTakenWithAWarning) {
  const Config config = checked("MACHINE: {KIND: local-gpu}\n");
  EXPECT_EQ(warning_codes(config), "E042");
  EXPECT_EQ(to_text(config.value("MACHINE.KIND")), "\"local_gpu\"");
  EXPECT_EQ(error_codes(checked("MACHINE: {KIND: Local-GPU}\n")), "E012");
}

TEST(Hints, NeverAnswerAHostileKeyWithMuchText) {
  const Config config = merged("MACHINE:\n  " + std::string(1000, 'K') + ": 1\n");
  ASSERT_EQ(error_codes(config), "E020");
  EXPECT_LT(told(config).size(), 1000u);
}

TEST(Secrets, AreRefusedWhereverATextCanStand) {
  const std::string key = "AKIAIOSFODNN7EXAMPLE";
  for (const std::string& yaml :
       {"VALUE: {NOTE: " + key + "}\n", "VALUE: {NOTE: 'x " + key + " y'}\n", "VALUE: {REMARK: " + key + "}\n",
        "MANY: {NAMES: [" + key + "]}\n", "MANY: {TAGS: {a: " + key + "}}\n", "MANY: {TAGS: {" + key + ": a}}\n"}) {
    const Config config = checked(yaml);
    EXPECT_EQ(error_codes(config), "E029") << yaml;
    EXPECT_EQ(told(config).find(key), std::string::npos) << told(config);
  }
}

TEST(Secrets, AreNotRepeatedByOtherErrors) {
  const std::string key = "AKIAIOSFODNN7EXAMPLE";
  for (const std::string& yaml : {key + ": 1\n", "MACHINE: {" + key + ": 1}\n", "MACHINE: {COUNT: " + key + "}\n",
                                  "MACHINE: {COUNT: 0, KIND: " + key + "\n", "MACHINE: {COUNT: 0 } # " + key + "\n",
                                  "VALUE: {MODE: " + key + "}\n", "MANY: {TAGS: {a: b, a: " + key + "}}\n"}) {
    const Config config = checked(yaml, {"MACHINE." + key + "=1", "MACHINE.COUNT=" + key, key});
    EXPECT_FALSE(config.errors().empty());
    EXPECT_EQ(told(config).find(key), std::string::npos) << told(config);
  }
}

}  // namespace
}  // namespace smflow::config::test
