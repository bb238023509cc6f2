#include "arguments.hpp"

#include <gtest/gtest.h>

namespace smflow::gan {
namespace {

using Words = std::vector<std::string>;

TEST(ParseArguments, ReadsWhatAPersonTypes) {
  const auto arguments = parse_arguments({"--config", "a.yaml", "--data", "pictures", "--out", "results", "--set",
                                          "TRAINING.SEED=1", "--set", "TRAINING.NUM_EPOCHS=2"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->action, Arguments::Action::train);
  EXPECT_EQ(arguments->config, "a.yaml");
  EXPECT_EQ(arguments->data, "pictures");
  EXPECT_EQ(arguments->out, "results");
  EXPECT_EQ(arguments->assignments, (Words{"TRAINING.SEED=1", "TRAINING.NUM_EPOCHS=2"}));
}

TEST(ParseArguments, ReadsTheHyperparametersOfAJob) {
  const auto arguments = parse_arguments({"--output_dir", "/opt/ml/checkpoints", "--train_cfg_filename", "t.yaml"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->output_dir, "/opt/ml/checkpoints");
  EXPECT_EQ(arguments->train_cfg_filename, "t.yaml");
}

TEST(ParseArguments, TakesAValueAfterAnEqualsSign) {
  const auto arguments = parse_arguments({"--set=TRAINING.SEED=1", "--config=", "--out=a=b"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->assignments, Words{"TRAINING.SEED=1"});
  EXPECT_EQ(arguments->config, "");
  EXPECT_EQ(arguments->out, "a=b");
}

TEST(ParseArguments, TakesAValueThatLooksLikeAnOption) {
  const auto arguments = parse_arguments({"--out", "--config"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->out, "--config");
}

TEST(ParseArguments, KnowsItsActions) {
  EXPECT_EQ(parse_arguments({})->action, Arguments::Action::train);
  EXPECT_EQ(parse_arguments({"--help"})->action, Arguments::Action::help);
  EXPECT_EQ(parse_arguments({"-h"})->action, Arguments::Action::help);
  EXPECT_EQ(parse_arguments({"--print-config-schema"})->action, Arguments::Action::print_schema);
  EXPECT_EQ(parse_arguments({"--print-config-template"})->action, Arguments::Action::print_template);
}

TEST(ParseArguments, SuggestsTheOptionThatWasMeant) {
  const auto arguments = parse_arguments({"--confg", "a.yaml"});
  ASSERT_FALSE(arguments);
  EXPECT_EQ(arguments.error().code, "E338");
  EXPECT_EQ(arguments.error().exit, ExitCode::usage);
  EXPECT_EQ(arguments.error().message, "unknown argument '--confg'");
  EXPECT_EQ(arguments.error().fix, "did you mean --config?");
}

TEST(ParseArguments, RefusesAWordThatIsNoOption) {
  EXPECT_EQ(parse_arguments({"pictures"}).error().message, "unknown argument 'pictures'");
  EXPECT_EQ(parse_arguments({""}).error().code, "E338");
}

TEST(ParseArguments, RefusesAnOptionWithoutItsValue) {
  const auto arguments = parse_arguments({"--data", "a", "--out"});
  ASSERT_FALSE(arguments);
  EXPECT_EQ(arguments.error().code, "E338");
  EXPECT_EQ(arguments.error().message, "argument '--out' has no value");
}

TEST(Usage, NamesEveryOption) {
  const std::string text = usage_text;
  for (const char* option : {"--config", "--data", "--out", "--set", "--train_cfg_filename", "--output_dir",
                             "--print-config-schema", "--print-config-template", "--help"}) {
    EXPECT_NE(text.find(std::string("\n  ") + option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace smflow::gan
