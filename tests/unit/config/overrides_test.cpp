#include "sample_loading.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>

namespace smflow::config::test {
namespace {

std::string set(const char* path, const std::string& value) {
  const Config config = merged("", {std::string(path) + "=" + value});
  return config.errors().empty() ? to_text(config.value(path)) : error_codes(config);
}

TEST(Override, TakesTextAsItIs) {
  EXPECT_EQ(set("VALUE.NOTE", "no"), "\"no\"");
  EXPECT_EQ(set("VALUE.NOTE", " spaces "), "\" spaces \"");
  EXPECT_EQ(set("VALUE.NOTE", "\"quoted\""), "\"\\\"quoted\\\"\"");
  EXPECT_EQ(set("VALUE.NOTE", "a=b=c"), "\"a=b=c\"");
  EXPECT_EQ(set("VALUE.NOTE", "[1, 2]"), "\"[1, 2]\"");
  EXPECT_EQ(set("VALUE.NOTE", "null"), "\"null\"");
  EXPECT_EQ(set("VALUE.NOTE", "a # b"), "\"a # b\"");
  EXPECT_EQ(set("VALUE.NOTE", ""), "\"\"");
  EXPECT_EQ(set("VALUE.NOTE", "two\nlines"), "\"two\\nlines\"");
}

TEST(Override, TakesOtherTypesAsTheFileDoes) {
  EXPECT_EQ(set("VALUE.SMALL", " 1e3 "), "1000");
  EXPECT_EQ(set("VALUE.RATE", "1"), "1.0");
  EXPECT_EQ(set("MACHINE.SPOT", "true"), "true");
  EXPECT_EQ(set("VALUE.LIMIT", "null"), "null");
  EXPECT_EQ(set("VALUE.REMARK", "null"), "null");
  EXPECT_EQ(set("VALUE.MODE", "auto"), "\"auto\"");
}

TEST(Override, WritesListsInBrackets) {
  EXPECT_EQ(set("MANY.SIZES", "[1,2]"), "[1, 2]");
  EXPECT_EQ(set("MANY.SIZES", " [ 1 , 2 ] "), "[1, 2]");
  EXPECT_EQ(set("MANY.SIZES", "[]"), "[]");
  EXPECT_EQ(set("MANY.SIZES", "[1,]"), "[1]");
  EXPECT_EQ(set("MANY.NAMES", R"(["a,b",'c''d',"e\"f"])"), R"(["a,b", "c'd", "e\"f"])");
  EXPECT_EQ(set("MANY.NAMES", "[[]"), "E033");
  EXPECT_EQ(set("MANY.SIZES", "["), "E033");
  EXPECT_EQ(set("MANY.SIZES", "[1"), "E033");
  EXPECT_EQ(set("MANY.SIZES", "{a: 1}"), "E024");
}

TEST(Override, WritesMappingsInBracesOrOneNameAtATime) {
  EXPECT_EQ(set("MANY.TAGS", "{a: b, c: 'd: e'}"), R"({"a": "b", "c": "d: e"})");
  EXPECT_EQ(set("MANY.TAGS", "{}"), "{}");
  EXPECT_EQ(set("MANY.TAGS", "{"), "E033");
  EXPECT_EQ(set("MANY.TAGS", "{a"), "E033");
  const Config config = merged("MANY: {TAGS: {a: file, b: file}}\n", {"MANY.TAGS.b=set", "MANY.TAGS.c.d= x=y "});
  EXPECT_EQ(to_text(config.value("MANY.TAGS")), R"({"a": "file", "b": "set", "c.d": " x=y "})");
}

// Readers of YAML take at most 1024 bytes for a key, so that a longer name would not load back.
TEST(Override, OfANameHasABound) {
  const Config fits = merged("", {"MANY.TAGS." + std::string(998, 'n') + "=x"});
  EXPECT_EQ(told(fits), "");
  Config again(schema_of<SampleConfig>());
  again.merge_text(effective_yaml(fits), "effective.yaml");
  EXPECT_EQ(told(again), "");
  EXPECT_EQ(error_codes(merged("", {"MANY.TAGS." + std::string(999, 'n') + "=x"})), "E028");
  EXPECT_EQ(error_codes(merged("", {"MANY.TAGS." + std::string(200, '\x01') + "=x"})), "E028");
  EXPECT_EQ(error_codes(merged("MANY: {TAGS: {" + std::string(999, 'n') + ": x}}\n")), "E028");
}

TEST(Override, LastOneWins) {
  EXPECT_EQ(to_text(merged("", {"MACHINE.COUNT=2", "MACHINE.COUNT=3"}).value("MACHINE.COUNT")), "3");
}

TEST(Override, NamesTheFlagThatWasTyped) {
  Config config(schema_of<SampleConfig>());
  config.merge_assignments(std::vector<std::string>{"MACHINE.COUNT=0", "VALUE.RATE=2"}, "--set-training");
  EXPECT_NE(config.errors()[0].excerpt.find("--set-training MACHINE.COUNT=0"), std::string::npos);
  EXPECT_EQ(config.errors()[0].fix, "for example --set-training MACHINE.COUNT=1");
  EXPECT_EQ(config.origin("VALUE.RATE").text, "--set-training VALUE.RATE=2");
}

TEST(Override, OfBytesThatAreNoTextIsRefused) {
  EXPECT_EQ(set("VALUE.NOTE", "caf\xe9"), "E028");
  EXPECT_EQ(set("MANY.TAGS", "{a: caf\xe9}"), "E028");
  EXPECT_EQ(error_codes(merged("", {"MANY.TAGS.caf\xe9=x"})), "E028");
  EXPECT_EQ(error_codes(merged("", {"MACHINE.\xff\xfe=x"})), "E020");
}

TEST(Variable, SetsTheOptionThatNamesIt) {
  Config config(schema_of<SampleConfig>());
  config.merge_environment(lookup_in({{"SAMPLE_REGION", "us-east-1"}, {"SAMPLE_RATES", "[1, 2]"}, {"COUNT", "5"}}));
  EXPECT_EQ(told(config.errors()), "");
  EXPECT_EQ(to_text(config.value("MACHINE.REGION")), "\"us-east-1\"");
  EXPECT_EQ(to_text(config.value("MANY.RATES")), "[1.0, 2.0]");
  EXPECT_EQ(config.origin("MACHINE.REGION").text, "environment variable 'SAMPLE_REGION'");
  EXPECT_EQ(config.origin("MACHINE.REGION").source, Origin::Source::environment);
}

TEST(Variable, ThatIsEmptyIsNotSet) {
  Config config(schema_of<SampleConfig>());
  config.merge_environment(lookup_in({{"SAMPLE_REGION", ""}, {"SAMPLE_RATES", ""}}));
  EXPECT_EQ(told(config), "");
  EXPECT_TRUE(changed(config).empty());
}

TEST(Load, GoesFromDefaultToFilesToVariablesToOverrides) {
  const smflow::test::TemporaryFolder folder;
  const auto a =
      folder.write("a.yaml", "MACHINE:\n  OWNER: a\n  COUNT: 2\n  REGION: a\n  ZONE: b\nMANY: {TAGS: {x: a}}\n");
  const auto b = folder.write("b.yaml", "MACHINE:\n  COUNT: 3\n  REGION: b\nMANY: {TAGS: {y: b}}\n");
  const Config config =
      load(schema_of<SampleConfig>(),
           {.files = {a, b}, .environment = lookup_in({{"SAMPLE_REGION", "c"}}), .assignments = {"MACHINE.COUNT=4"}});
  ASSERT_EQ(told(config), "");
  const auto shown = [&](const char* path) { return to_text(config.value(path)) + " " + config.origin(path).text; };
  EXPECT_EQ(shown("MACHINE.KIND"), "\"local\" default");
  EXPECT_EQ(shown("MACHINE.OWNER"), "\"a\" " + a.string() + ":2:10");
  EXPECT_EQ(shown("MACHINE.ZONE"), "\"b\" " + a.string() + ":5:9");
  EXPECT_EQ(shown("MACHINE.REGION"), "\"c\" environment variable 'SAMPLE_REGION'");
  EXPECT_EQ(shown("MACHINE.COUNT"), "4 --set MACHINE.COUNT=4");
  EXPECT_EQ(shown("MANY.TAGS"), "{\"y\": \"b\"} " + b.string() + ":4:14") << "a later file replaces, it does not add";
}

TEST(Load, TellsTheErrorsOfEveryFile) {
  const smflow::test::TemporaryFolder folder;
  const auto a = folder.write("a.yaml", "MACHINE: {COUNT: 0}\n");
  const auto b = folder.write("b.yaml", "MACHINE: {COUNT: [}\n");
  const Config config = load(schema_of<SampleConfig>(), {.files = {a, folder / "none.yaml", b}});
  EXPECT_EQ(error_codes(config), "E025 E010 E014");
}

TEST(Load, ReadsNoVariablesUnlessAsked) {
  EXPECT_EQ(load(schema_of<SampleConfig>(), {.assignments = {"MACHINE.OWNER=x"}}).origin("MACHINE.REGION").source,
            Origin::Source::standard);
}

TEST(ErrorAt, PointsToWhereTheValueWasWritten) {
  const Config config = merged("MACHINE:\n  REGION: mars\n");
  const Error error = error_at(config, "MACHINE.REGION", "E999", "no such region", "write another");
  EXPECT_EQ(told(error),
            "E999 config.yaml:2:11 no such region\n|   REGION: mars\n|           ^^^^\nfix: write another\n");
  EXPECT_EQ(told(error_at(config, "MACHINE.ZONE", "E999", "no such zone")), "E999 no such zone\n");
}

}  // namespace
}  // namespace smflow::config::test
