#include "error_cases.hpp"
#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>

// What is said about every mistake, word for word. After a deliberate change of a text, run these tests with
// SMFLOW_ACCEPT=1, which writes what is said now into tests/data/config/errors.txt, and read the difference.
namespace smflow::config::test {
namespace {

namespace fs = std::filesystem;

SchemaPtr through_json(const SchemaPtr& schema) {
  return value_or_throw(schema_from_json(to_json_schema(*schema), "sample.schema.json"));
}

TEST(ErrorTexts, AreAsAgreed) {
  std::vector<ErrorCase> cases = read_error_cases();
  ASSERT_GT(cases.size(), 80u);
  if (std::getenv("SMFLOW_ACCEPT") != nullptr) {
    for (ErrorCase& one : cases) one.expected = told(one.load(schema_of<SampleConfig>(), schema_of<SiblingConfig>()));
    std::ofstream(error_cases_file()) << write_error_cases(cases);
    GTEST_SKIP() << "wrote " << error_cases_file();
  }
  for (const ErrorCase& one : cases) {
    EXPECT_EQ(told(one.load(schema_of<SampleConfig>(), schema_of<SiblingConfig>())), one.expected) << one.name;
  }
}

TEST(ErrorTexts, AreTheSameFromASchemaReadBackFromJson) {
  const SchemaPtr schema = through_json(schema_of<SampleConfig>());
  const SchemaPtr sibling = through_json(schema_of<SiblingConfig>());
  for (const ErrorCase& one : read_error_cases()) EXPECT_EQ(told(one.load(schema, sibling)), one.expected) << one.name;
}

TEST(ErrorTexts, FollowTheRulesOfMessages) {
  for (const ErrorCase& one : read_error_cases()) {
    const Config config = one.load(schema_of<SampleConfig>(), schema_of<SiblingConfig>());
    EXPECT_FALSE(config.errors().empty() && config.warnings().empty()) << one.name << " provokes nothing";
    for (const Error& error : config.errors()) {
      EXPECT_EQ(error.exit, ExitCode::configuration) << one.name;
      EXPECT_FALSE(error.message.ends_with('.')) << error.message;
      EXPECT_FALSE(error.message.find('\n') != std::string::npos) << error.message;
      EXPECT_FALSE(error.message[0] >= 'A' && error.message[0] <= 'Z') << error.message;
      EXPECT_FALSE(error.code != "E031" && error.fix.empty())
          << one.name << " leaves the reader without a next step: " << error.message;
    }
    for (const Error& warning : config.warnings()) EXPECT_EQ(warning.exit, ExitCode::success) << one.name;
  }
}

// Every code that the library can report about a file or an override has a case; E010, E050 and E051 need a file that
// cannot be read, a schema file or a faulty pattern, and have tests of their own.
TEST(ErrorTexts, CoverEveryCodeOfTheLibrary) {
  std::set<std::string> in_source;
  for (const auto& entry : fs::directory_iterator(SMFLOW_SOURCE_DIR "/libs/config/src")) {
    const std::string text = smflow::test::slurp(entry.path());
    for (std::size_t at = 0; (at = text.find("\"E0", at)) != std::string::npos; ++at) {
      in_source.insert(text.substr(at + 1, 4));
    }
  }
  ASSERT_GT(in_source.size(), 20u);
  for (const char* elsewhere : {"E010", "E050", "E051"}) in_source.erase(elsewhere);
  std::set<std::string> provoked;
  for (const ErrorCase& one : read_error_cases()) {
    const Config config = one.load(schema_of<SampleConfig>(), schema_of<SiblingConfig>());
    for (const Error& error : config.errors()) provoked.insert(error.code);
    for (const Error& warning : config.warnings()) provoked.insert(warning.code);
  }
  EXPECT_EQ(provoked, in_source);
}

}  // namespace
}  // namespace smflow::config::test
