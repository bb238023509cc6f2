#include "sample_loading.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>

namespace smflow::config::test {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(YamlFile, MayBeEmptyOrHoldCommentsOnly) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "---\n...\n", "MACHINE:\n", "MACHINE: {}\nMANY: ~\n"}) {
    const Config config = merged(text);
    EXPECT_EQ(told(config), "") << text;
    EXPECT_TRUE(changed(config).empty());
  }
}

TEST(YamlFile, MayHaveAByteOrderMarkAndWindowsLineEnds) {
  const Config config = merged("\xEF\xBB\xBFMACHINE:\r\n  COUNT: 2\r\n  REGION: x\r\nVALUE:\r\n  CUONT: 1\r\n");
  EXPECT_EQ(told(config.errors()).substr(0, 22), "E020 config.yaml:5:3 u");
  EXPECT_EQ(to_text(config.value("MACHINE.REGION")), "\"x\"");
  EXPECT_EQ(config.origin("MACHINE.COUNT").text, "config.yaml:2:10");
}

TEST(YamlFile, TellsUpTo100Errors) {
  std::string text = "VALUE:\n";
  for (int i = 0; i < 500; ++i) text += "  UNKNOWN_" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(merged(text).errors().size(), 100u);
}

TEST(YamlFile, IsRefusedAbove1MiB) {
  const std::string line = "# " + std::string(97, 'x') + "\n";
  const Config fits = merged(repeated(line, 10'000));
  EXPECT_EQ(told(fits), "");
  const Config large = merged(repeated(line, 11'000));
  ASSERT_EQ(error_codes(large), "E010");
  EXPECT_EQ(large.errors()[0].message, "'config.yaml' is larger than 1 MiB");
}

TEST(YamlFile, OfManyValuesEndsEarly) {
  const Config config = merged("MANY:\n  SIZES: [" + repeated("1,", 20'000) + "1]\n");
  EXPECT_EQ(error_codes(config), "E011");
}

TEST(YamlFile, OfHostileDepthEndsAtTheNinthLevel) {
  EXPECT_EQ(error_codes(merged("VALUE:\n  NOTE: " + std::string(100'000, '[') + "\n")), "E011");
  std::string blocks = "A:";
  for (int i = 1; i < 500; ++i) blocks += "\n" + std::string(static_cast<std::size_t>(i), ' ') + "A:";
  EXPECT_EQ(merged(blocks).errors().back().code, "E011");
}

TEST(YamlFile, CannotExpandAliases) {
  std::string bomb = "A0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string one = std::to_string(i), before = std::to_string(i - 1);
    bomb += "A" + one + ": &a" + one + " [*a" + before + ", *a" + before + "]\n";
  }
  const Config config = merged(bomb);
  EXPECT_EQ(config.errors().front().code, "E016");
  EXPECT_EQ(config.errors().size(), 100u);
}

TEST(YamlFile, TextIsAtMost4096Bytes) {
  EXPECT_EQ(told(merged("VALUE:\n  NOTE: " + std::string(4096, 'x') + "\n")), "");
  const Config config = merged("VALUE:\n  NOTE: " + std::string(4097, 'x') + "\n");
  ASSERT_EQ(error_codes(config), "E028");
  EXPECT_LT(config.errors()[0].message.size(), 200u) << "a long value is not repeated";
  EXPECT_LT(config.errors()[0].excerpt.size(), 300u);
}

TEST(YamlFile, ColumnsCountCharacters) {
  const Config config = merged("MANY:\n  NAMES: [\"äöü€😀\", \"x y\"]\n");
  ASSERT_EQ(error_codes(config), "E012");
  EXPECT_EQ(config.errors()[0].where->column, 20);
}

TEST(YamlFile, ALongLineIsCutAroundTheCaret) {
  const Config config =
      merged("MANY: {NAMES: [" + repeated("abcdefgh, ", 100) + "\"x y\", " + repeated("z, ", 100) + "z]}\n");
  ASSERT_EQ(error_codes(config), "E012");
  const std::string& excerpt = config.errors()[0].excerpt;
  EXPECT_TRUE(excerpt.starts_with("…")) << excerpt;
  EXPECT_NE(excerpt.find("\"x y\""), std::string::npos);
  EXPECT_LT(excerpt.size(), 400u);
}

TEST(ConfigFile, ThatIsMissingIsNamedWithItsNeighbour) {
  const smflow::test::TemporaryFolder folder;
  folder.write("sample_config.yaml", "");
  Config config(schema_of<SampleConfig>());
  config.merge_file(folder / "sample_confg.yaml");
  ASSERT_EQ(error_codes(config), "E010");
  EXPECT_EQ(config.errors()[0].exit, ExitCode::configuration);
  EXPECT_EQ(config.errors()[0].fix, "did you mean '" + (folder / "sample_config.yaml").string() + "'?");
}

TEST(ConfigFile, ThatIsNoFileIsRefusedAndNeverRead) {
  const smflow::test::TemporaryFolder folder;
  for (const std::filesystem::path& file : {folder.path(), std::filesystem::path("/dev/zero")}) {
    Config config(schema_of<SampleConfig>());
    config.merge_file(file);
    EXPECT_EQ(error_codes(config), "E010") << file;
    EXPECT_NE(config.errors()[0].fix, "");
  }
  Config config(schema_of<SampleConfig>());
  config.merge_file(folder.write("large.yaml", std::string((1u << 20) + 1, '#')));
  EXPECT_EQ(error_codes(config), "E010");
}

}  // namespace
}  // namespace smflow::config::test
