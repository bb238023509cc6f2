#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/config/documents.hpp>
#include <smflow/plan/job_configs.hpp>

namespace smflow::plan {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
  SECTION(TrainOptions, "How the training goes.");
  OPTION(int, epochs, "How often all data are seen.", .min = 1) = 5;
};
struct ProgramConfig {
  CONFIGURATION(ProgramConfig, "training", "One training.");
  GROUP(TrainOptions, train);
};

class JobConfigsTest : public testing::Test {
 protected:
  JobConfigsTest() {
    folder_.write("code/training_config.schema.json", config::to_json_schema(*config::schema_of<ProgramConfig>()));
    folder_.write("training.yaml", "TRAIN:\n  EPOCHS: 7\n");
    write("");
  }

  void write(const std::string& sagemaker) {
    folder_.write("sagemaker.yaml", "TRAINING:\n  CONFIG_FILE: training.yaml\n" + sagemaker);
  }

  ConfigRequest request() const {
    return {.config_file = folder_ / "sagemaker.yaml",
            .set = {},
            .set_training = {},
            .default_code = folder_ / "code",
            .environment = [](const char*) { return std::nullopt; }};
  }

  static std::string codes(const std::vector<Error>& errors) {
    std::string codes;
    for (const Error& error : errors) codes += (codes.empty() ? "" : " ") + error.code;
    return codes;
  }
  static std::string outcome(const ConfigRequest& request) {
    const auto configs = load_job_configs(request);
    return configs ? "" : codes(configs.error());
  }

  smflow::test::TemporaryFolder folder_;
};

TEST_F(JobConfigsTest, RefuseFilesThatHoldACredential) {
  write("# key: AKIAIOSFODNN7EXAMPLE\n");
  EXPECT_EQ(outcome(request()), "E066");
  const auto configs = load_job_configs(request());
  EXPECT_EQ(configs.error()[0].where->line, 3);
  EXPECT_EQ(configs.error()[0].exit, ExitCode::configuration);
  EXPECT_THAT(configs.error()[0].message, testing::Not(testing::HasSubstr("AKIA")));
  write("");
  folder_.write("training.yaml", "TRAIN:\n  EPOCHS: 7  # https://ann:hunter2@example.org\n");
  EXPECT_EQ(outcome(request()), "E066");
}

TEST_F(JobConfigsTest, RefuseTheValueOfAVariableThatIsSecretByItsName) {
  write(
      "CONTAINER:\n  ENVIRONMENT: {WANDB_API_KEY: 0123456789abcdef, TOKENIZERS_PARALLELISM: disabled, PIN_TOKEN: "
      "'1'}\n");
  const auto configs = load_job_configs(request());
  ASSERT_FALSE(configs);
  ASSERT_EQ(codes(configs.error()), "E066");
  EXPECT_THAT(configs.error()[0].message, testing::HasSubstr("WANDB_API_KEY"));
  EXPECT_THAT(configs.error()[0].message + configs.error()[0].fix,
              testing::Not(testing::HasSubstr("0123456789abcdef")));

  write("");
  ConfigRequest given = request();
  given.set = {"CONTAINER.ENVIRONMENT={WANDB_API_KEY: 0123456789abcdef}"};
  EXPECT_EQ(outcome(given), "") << "what is only on the command line is in no file";
}

TEST_F(JobConfigsTest, HoldBothConfigsAndTheFilesAsWritten) {
  const auto configs = load_job_configs(request());
  ASSERT_TRUE(configs) << configs.error()[0].message;
  EXPECT_EQ(configs->options.sagemaker.instance_count, 1);
  ASSERT_TRUE(configs->training);
  EXPECT_EQ(config::to_text(configs->training->value("TRAIN.EPOCHS")), "7");
  EXPECT_EQ(configs->training_file.content, "TRAIN:\n  EPOCHS: 7\n");
  EXPECT_EQ(configs->sagemaker_file.content, smflow::test::slurp(folder_ / "sagemaker.yaml"));
  EXPECT_EQ(configs->code, folder_ / "code");
  EXPECT_TRUE(configs->warnings.empty());
}

TEST_F(JobConfigsTest, GiveTheContainerTheValuesInForce) {
  ConfigRequest overridden = request();
  overridden.set_training = {"TRAIN.EPOCHS=9"};
  const auto configs = load_job_configs(overridden);
  ASSERT_TRUE(configs);
  EXPECT_NE(configs->container_training_config().find("EPOCHS: 9  # from --set-training TRAIN.EPOCHS=9"),
            std::string::npos);
}

TEST_F(JobConfigsTest, TellTheErrorsOfBothFilesAndOfAllOverrides) {
  write("SAGEMAKER:\n  INSTANCE_CUONT: 2\n");
  folder_.write("training.yaml", "TRAIN:\n  EPOCHS: 0\n");
  ConfigRequest wrong = request();
  wrong.set = {"SAGEMAKER.INSTANCE_COUNT=0"};
  wrong.set_training = {"TRAIN.EPOCHS=x"};
  const auto configs = load_job_configs(wrong);
  ASSERT_FALSE(configs);
  EXPECT_EQ(codes(configs.error()), "E020 E025 E025 E024");
  EXPECT_EQ(configs.error()[0].where->line, 4);
  EXPECT_EQ(configs.error()[2].where->file, (folder_ / "training.yaml").string());
}

TEST_F(JobConfigsTest, KnowTheOptionsOfTheOtherFile) {
  write("SAGEMAKER:\n  EPOCHS: 2\n");
  folder_.write("training.yaml", "TRAIN:\n  SPOT_INSTANCE: true\n");
  const auto configs = load_job_configs(request());
  ASSERT_FALSE(configs);
  ASSERT_EQ(codes(configs.error()), "E020 E020");
  EXPECT_EQ(configs.error()[0].fix, "TRAIN.EPOCHS is an option of the training configuration");
  EXPECT_EQ(configs.error()[1].fix, "SAGEMAKER.SPOT_INSTANCE is an option of the sagemaker configuration");
}

TEST_F(JobConfigsTest, SayWhereTheyLookedForTheTrainingConfig) {
  folder_.write("sagemaker.yaml", "TRAINING:\n  CONFIG_FILE: trainin.yaml\n");
  const auto configs = load_job_configs(request());
  ASSERT_FALSE(configs);
  ASSERT_EQ(codes(configs.error()), "E060");
  EXPECT_NE(configs.error()[0].message.find("no such file 'trainin.yaml'"), std::string::npos);
  EXPECT_NE(configs.error()[0].message.find(folder_.path().string()), std::string::npos);
  EXPECT_EQ(configs.error()[0].where->line, 2);
  EXPECT_EQ(configs.error()[0].exit, ExitCode::configuration);
}

TEST_F(JobConfigsTest, DoNotBlameADefaultForAFileThatCannotBeRead) {
  ConfigRequest missing = request();
  missing.config_file = folder_ / "none.yaml";
  EXPECT_EQ(outcome(missing), "E010");
  folder_.write("sagemaker.yaml", "SAGEMAKER: [\n");
  EXPECT_EQ(outcome(request()), "E014");
}

TEST_F(JobConfigsTest, OfAProgramWithoutASchemaPassTheFileOnWithAWarning) {
  fs::remove(folder_ / "code/training_config.schema.json");
  folder_.write("training.yaml", "anything: [goes\n");
  const auto configs = load_job_configs(request());
  ASSERT_TRUE(configs);
  EXPECT_EQ(codes(configs->warnings), "E061");
  EXPECT_EQ(configs->container_training_config(), "anything: [goes\n");
}

TEST_F(JobConfigsTest, OfAProgramWithoutASchemaCannotBeOverridden) {
  fs::remove(folder_ / "code/training_config.schema.json");
  ConfigRequest overridden = request();
  overridden.set_training = {"TRAIN.EPOCHS=1"};
  EXPECT_EQ(outcome(overridden), "E061");
}

TEST_F(JobConfigsTest, RefuseAFileThatIsNoSchema) {
  folder_.write("code/training_config.schema.json", "{}");
  EXPECT_EQ(outcome(request()), "E050");
}

TEST_F(JobConfigsTest, FollowLocalCodeToTheSchema) {
  fs::rename(folder_ / "code", folder_ / "elsewhere");
  write("LOCAL:\n  CODE: " + (folder_ / "elsewhere").string() + "\n");
  folder_.write("training.yaml", "TRAIN:\n  EPOCHS: 0\n");
  EXPECT_EQ(outcome(request()), "E025");
}

TEST_F(JobConfigsTest, WithSpotWaitAtLeastAsLongAsTheyRun) {
  write("SAGEMAKER: {SPOT_INSTANCE: true, MAX_RUN_TIME: 200, MAX_WAIT_TIME: 199}\n");
  EXPECT_EQ(outcome(request()), "E031");
  write("SAGEMAKER: {SPOT_INSTANCE: true, MAX_RUN_TIME: 200, MAX_WAIT_TIME: 200}\n");
  EXPECT_EQ(outcome(request()), "");
  write("SAGEMAKER: {SPOT_INSTANCE: false, MAX_RUN_TIME: 200, MAX_WAIT_TIME: 100}\n");
  EXPECT_EQ(outcome(request()), "") << "without spot nobody reads MAX_WAIT_TIME";
}

TEST_F(JobConfigsTest, OnThePlatformNeedARole) {
  write("SAGEMAKER: {INSTANCE_TYPE: ml.g5.xlarge}\n");
  EXPECT_EQ(outcome(request()), "E031");
}

TEST_F(JobConfigsTest, WarnOfTheOtherSpellingOfLocalGpu) {
  write("SAGEMAKER: {INSTANCE_TYPE: local-gpu}\n");
  const auto configs = load_job_configs(request());
  ASSERT_TRUE(configs);
  EXPECT_EQ(configs->options.sagemaker.instance_type, "local_gpu");
  EXPECT_EQ(codes(configs->warnings), "E042");
}

TEST(BuiltFolders, AreFoundBesideTheProgramAsBuiltOrInstalled) {
  const smflow::test::TemporaryFolder folder;
  EXPECT_EQ(built_code_folder(folder / "bin"), folder / "sagemaker_container");
  EXPECT_EQ(built_entrypoint(folder / "bin"), folder / "bin/train");
  folder.write("libexec/smflow/train", "");
  folder.write("libexec/smflow/sagemaker_container/main", "");
  EXPECT_EQ(built_code_folder(folder / "bin"), folder / "libexec/smflow/sagemaker_container");
  EXPECT_EQ(built_entrypoint(folder / "bin"), folder / "libexec/smflow/train");
}

}  // namespace
}  // namespace smflow::plan
