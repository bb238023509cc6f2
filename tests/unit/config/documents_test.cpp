#include "sample_loading.hpp"

#include <gtest/gtest.h>

#include <smflow/base/json.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config::test {
namespace {

TEST(EffectiveYaml, ShowsSentenceTypeValueAndOrigin) {
  const Config config = checked("", {"MACHINE.COUNT=4", "MACHINE.TURBO=true"});
  const std::string dump = effective_yaml(config);
  const auto holds = [&](const char* text) {
    EXPECT_NE(dump.find(text), std::string::npos) << text << "\nin\n" << dump;
  };
  holds("# The machine that does the work.\nMACHINE:\n");
  holds(
      "  # How many machines there are.\n  # [a whole number from 1 to 100 (machines)]\n"
      "  COUNT: 4  # from --set MACHINE.COUNT=4, default 1\n");
  holds("  OWNER: \"tests\"  # from owner.yaml:1:18, default empty\n");
  holds("  # [a text] Also set by the environment variable SAMPLE_REGION.\n  REGION: \"eu-west-1\"\n");
  holds("  # Deprecated: every machine is fast now; leave it out.\n  TURBO: true  # from --set MACHINE.TURBO=true");
  holds("  TAGS:\n    \"made-by\": \"smflow\"\n");
}

TEST(Template, CommentsOutWhatHasToBeSetOrIsDeprecated) {
  const std::string text = template_yaml(*schema_of<SampleConfig>(), "sample.schema.json");
  EXPECT_TRUE(text.starts_with("# yaml-language-server: $schema=sample.schema.json\n"));
  EXPECT_NE(text.find("  # OWNER: vision-team\n"), std::string::npos);
  EXPECT_NE(text.find("  # TURBO: false\n"), std::string::npos);
  EXPECT_EQ(text.find("from"), text.find("from 1 to 100")) << "there are no origins in a template";
}

TEST(Reference, IsOneTableASection) {
  const std::string text = reference_markdown(*schema_of<SampleConfig>(), "###");
  EXPECT_NE(text.find("\n### MACHINE\n\nThe machine that does the work.\n\n| Option | Type | Default | Meaning |\n"),
            std::string::npos);
  EXPECT_NE(text.find("| `COUNT` | a whole number from 1 to 100 (machines) | `1` | How many machines there are. "
                      "Formerly `NUMBER`. Formerly `OLD.COUNT`. |\n"),
            std::string::npos);
  EXPECT_NE(text.find("| `OWNER` | a text | must be set | Who pays for it. For example `vision-team`. Not part of the "
                      "identity. |\n"),
            std::string::npos);
  EXPECT_NE(text.find("`local-gpu` is taken as `local_gpu`."), std::string::npos);
  EXPECT_NE(text.find("**Deprecated:** every machine"), std::string::npos);
  EXPECT_NE(text.find("- `MACHINE.WAIT_TIME` >= `MACHINE.RUN_TIME`, when `MACHINE.SPOT`: a spot machine waits as long "
                      "as it runs.\n"),
            std::string::npos);
}

TEST(Reference, KeepsTheColumnsOfItsTable) {
  const std::string text = reference_markdown(*schema_of<SampleConfig>());
  std::size_t rows = 0;
  for (std::size_t at = text.find("\n| "); at != std::string::npos; at = text.find("\n| ", at + 1)) {
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    int bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_EQ(bars, 5) << line;
    ++rows;
  }
  EXPECT_EQ(rows, schema_of<SampleConfig>()->fields.size() + 3u * 2u);
}

TEST(ValuesJson, KeepsTypesAndTheTemplatesOrder) {
  const Config config = checked("VALUE: {RATE: 1, LIMIT: 3, NOTE: '1'}\n");
  const OrderedJson json = OrderedJson::parse(values_json(config));
  EXPECT_EQ(json.begin().key(), "MACHINE");
  EXPECT_TRUE(json["VALUE"]["RATE"].is_number_float());
  EXPECT_EQ(json["VALUE"]["LIMIT"], 3);
  EXPECT_EQ(json["VALUE"]["NOTE"], "1");
  EXPECT_TRUE(json["VALUE"]["REMARK"].is_null());
  EXPECT_EQ(json["MANY"]["SIZES"], OrderedJson({32, 64}));
}

TEST(ValuesJson, ShowsTheOriginOfEveryValue) {
  const Config config = checked("VALUE:\n  RATE: 1\n");
  const OrderedJson json = OrderedJson::parse(values_json(config, Origins::shown));
  for (const auto& [section, options] : json.items()) {
    for (const auto& [key, leaf] : options.items()) {
      EXPECT_EQ(leaf.size(), 2u) << section << key;
      EXPECT_NE(leaf["origin"], "") << section << key;
    }
  }
  EXPECT_EQ(json["VALUE"]["RATE"]["origin"], "config.yaml:2:9");
  EXPECT_EQ(json["VALUE"]["NOTE"]["origin"], "default");
}

TEST(Difference, NamesBothValuesAndBothOrigins) {
  const Config left = checked("VALUE: {NOTE: x}\n");
  const Config right = checked("", {"MACHINE.COUNT=4"});
  EXPECT_EQ(to_text(difference(left, right)),
            "MACHINE.COUNT: 1 (default) -> 4 (--set MACHINE.COUNT=4)\n"
            "VALUE.NOTE: \"x\" (config.yaml:1:15) -> \"\" (default)\n");
  EXPECT_TRUE(difference(left, left).empty());
}

TEST(Changed, ListsWhatIsNotTheDefault) {
  EXPECT_EQ(changed(checked("MACHINE: {COUNT: 1}\nMANY: {TAGS: {}}\n")),
            (std::vector<std::string>{"MACHINE.OWNER", "MANY.TAGS"}))
      << "a default that is written is still the default";
}

TEST(Identity, IgnoresHowAFileLooksAndWhatDoesNotMatter) {
  const Config a = checked("MACHINE: {COUNT: 2, SPOT: true}\n");
  const Config b = checked("# other\nMACHINE:\n  SPOT: false\n  COUNT: 2.0\n");
  EXPECT_EQ(identity_hash(a, Scope::identity), identity_hash(b, Scope::identity)) << "SPOT is no part of it";
  EXPECT_NE(identity_hash(a, Scope::everything), identity_hash(b, Scope::everything));
  EXPECT_NE(identity_hash(a, Scope::identity), identity_hash(checked("MACHINE: {COUNT: 3}\n"), Scope::identity));
  EXPECT_EQ(identity_hash(a, Scope::identity).size(), 64u);
  EXPECT_EQ(canonical_text(a, Scope::identity).find("SPOT"), std::string::npos);
}

TEST(Identity, CannotBeForgedByALineBreak) {
  const Config one = checked("VALUE: {NOTE: \"a\\nVALUE.RATE=1.0\"}\n");
  EXPECT_EQ(canonical_text(one, Scope::everything).find("\nVALUE.RATE=1.0"), std::string::npos);
}

}  // namespace
}  // namespace smflow::config::test
