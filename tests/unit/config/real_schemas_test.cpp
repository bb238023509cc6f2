#include "random_config.hpp"
#include "sample_loading.hpp"

#include <set>

#include <gtest/gtest.h>
#include <training_default_config.hpp>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/config/pattern.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

// The two templates that people fill in: sound, documented, and the same after every way they are written and read.
namespace smflow::config::test {
namespace {

class RealSchema : public testing::TestWithParam<SchemaPtr> {
 protected:
  const Schema& schema_ = *GetParam();
};

TEST_P(RealSchema, IsSound) {
  EXPECT_TRUE(faults(schema_).empty()) << join(faults(schema_), "; ");
}

TEST_P(RealSchema, SaysInASentenceWhatEveryOptionDoes) {
  std::set<std::string> paths;
  for (const Field& field : schema_.fields) {
    EXPECT_TRUE(field.about.doc.ends_with('.')) << field.path();
    EXPECT_GE(field.about.doc.size(), 15u) << field.path();
    EXPECT_TRUE(paths.insert(field.path()).second) << field.path() << " is there twice";
    EXPECT_FALSE(!field.about.pattern.empty() && field.about.pattern_words.empty())
        << field.path() << " has a pattern that only programmers can read";
  }
}

TEST_P(RealSchema, HasDefaultsAndExamplesWithinItsLimits) {
  for (const Field& field : schema_.fields) {
    Config config(GetParam());
    if (field.about.example.empty()) continue;
    config.merge_text(field.section + ":\n  " + field.key + ": " + field.about.example + "\n", "example.yaml");
    EXPECT_EQ(told(config), "") << field.path();
  }
}

TEST_P(RealSchema, HasATemplateThatLoadsAndChangesNothing) {
  Config config(GetParam());
  config.merge_text(template_yaml(schema_), "template.yaml");
  config.check();
  EXPECT_EQ(told(config), "");
  EXPECT_TRUE(changed(config).empty());
}

TEST_P(RealSchema, ReadsBackFromJsonEqual) {
  const auto again = schema_from_json(to_json_schema(schema_), "x.json");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(**again == schema_);
}

TEST_P(RealSchema, RoundTripsRandomConfigs) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100; ++i) {
    const Config config = random_config(GetParam(), random);
    Config again(GetParam());
    again.merge_text(effective_yaml(config), "effective.yaml");
    ASSERT_EQ(told(again.errors()), "") << effective_yaml(config);
    ASSERT_EQ(to_text(difference(config, again)), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Both, RealSchema,
                         testing::Values(schema_of<plan::SagemakerConfig>(), schema_of<gan::TrainingConfig>()),
                         [](const auto& row) { return row.param->name; });

}  // namespace
}  // namespace smflow::config::test
