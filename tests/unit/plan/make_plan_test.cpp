#include "support/temporary_folder.hpp"

#include <regex>

#include <gtest/gtest.h>

#include <smflow/plan/job_name.hpp>
#include <smflow/plan/make_plan.hpp>

namespace smflow::plan {
namespace {

class ConstantRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

class MakePlan : public testing::Test {
 protected:
  MakePlan() {
    folder_.write("code/main", "");
    folder_.write("data/cats/1.png", "");
    folder_.write("training.yaml", "ANYTHING: 1\n");
  }

  tl::expected<RunPlan, ConfigErrors> plan(const std::vector<std::string>& set) {
    ConfigRequest request{.config_file = folder_.write("sagemaker.yaml", "TRAINING:\n  CONFIG_FILE: training.yaml\n"),
                          .set = {"S3.SAGEMAKER_RESULTS_BUCKET=file://" + (folder_ / "runs").string(),
                                  "S3.EXPERIMENT_NAME=me/gan", "SAGEMAKER.JOB_NAME=gan_training"},
                          .set_training = {},
                          .default_code = folder_ / "code",
                          .environment = [](const char*) { return std::nullopt; }};
    request.set.insert(request.set.end(), set.begin(), set.end());
    auto configs = load_job_configs(request);
    if (!configs) return tl::unexpected(configs.error());
    ConstantRandom random;
    return make_plan(*configs, WallTime{std::chrono::milliseconds{1795439002118}}, random);
  }

  std::string outcome(const std::vector<std::string>& set) {
    const auto made = plan(set);
    std::string codes;
    if (!made) {
      for (const Error& error : made.error()) codes += (codes.empty() ? "" : " ") + error.code;
    }
    return codes;
  }

  const std::vector<std::string> platform_ = {
      "SAGEMAKER.INSTANCE_TYPE=ml.g5.xlarge", "SAGEMAKER.ARN=arn:aws:iam::123456789012:role/R",
      "ECR.IMAGE_NAME=gan_training", "ECR.TAG=build_0_1", "S3.SAGEMAKER_RESULTS_BUCKET=my-results"};
  std::vector<std::string> on_platform(std::vector<std::string> more) const {
    more.insert(more.begin(), platform_.begin(), platform_.end());
    return more;
  }

  // "V1: x, V2: x, ...": the inside of a mapping.
  static std::string numbered(const std::string& name, int count) {
    std::string entries;
    for (int i = 1; i <= count; ++i) entries += (i == 1 ? "" : ", ") + name + std::to_string(i) + ": x";
    return entries;
  }

  smflow::test::TemporaryFolder folder_;
};

TEST_F(MakePlan, OfALocalJobSaysEverythingItNeeds) {
  const auto made = plan({"S3.TRAINING_DATA=file://" + (folder_ / "data").string(), "CONTAINER.PROGRAM=src/train.py",
                          "CONTAINER.ENVIRONMENT={A: b}", "LOCAL.ENGINE=process", "LOCAL.STOP_GRACE=5"});
  ASSERT_TRUE(made) << made.error()[0].message;
  const JobPlan& job = made->job;
  EXPECT_EQ(job.job_name, "gan-training-20261123-130322-00000");
  EXPECT_TRUE(is_legal_job_name(job.job_name)) << "the API refuses the underscore of gan_training";
  EXPECT_EQ(job.target, Target::local);
  EXPECT_EQ(job.local.engine, LocalEngine::process);
  EXPECT_EQ(job.local.code, folder_ / "code");
  EXPECT_EQ(job.stop_grace.count(), 5);
  EXPECT_EQ(job.program, "src/train.py");
  EXPECT_EQ(job.environment.at("A"), "b");
  EXPECT_EQ(job.hyperparameters, (std::map<std::string, std::string>{{"train_cfg_filename", "training.yaml"},
                                                                     {"output_dir", "/opt/ml/checkpoints"}}));
  const std::string bucket = "file://" + (folder_ / "runs").string();
  EXPECT_EQ(made->bucket_uri, bucket);
  EXPECT_EQ(made->record_prefix, "me/gan/configs/" + job.job_name);
  EXPECT_EQ(job.record_uri, bucket + "/" + made->record_prefix);
  EXPECT_EQ(job.output_uri, bucket + "/me/gan/outputs");
  EXPECT_EQ(job.checkpoint->uri, bucket + "/me/gan/checkpoints/" + job.job_name);
  EXPECT_EQ(job.checkpoint->local_path, "/opt/ml/checkpoints");
  ASSERT_EQ(job.channels.size(), 2u);
  EXPECT_EQ(job.channels[0].name, "config");
  EXPECT_EQ(job.channels[0].uri, job.record_uri + "/config/train/");
  EXPECT_EQ(job.channels[1].name, "traindata");
  EXPECT_EQ(job.channels[1].uri, "file://" + (folder_ / "data").string());
}

TEST_F(MakePlan, WithoutDataHasNoDataChannel) {
  const auto made = plan({});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->job.channels.size(), 1u);
}

TEST_F(MakePlan, OfAJobOnThePlatformNamesBucketsAndImage) {
  const auto made = plan(on_platform({"S3.TRAINING_DATA=s3://data/images/", "SAGEMAKER.SPOT_INSTANCE=true",
                                      "SAGEMAKER.MAX_RUN_TIME=100", "SAGEMAKER.MAX_WAIT_TIME=200"}));
  ASSERT_TRUE(made) << made.error()[0].message;
  EXPECT_EQ(made->job.target, Target::sagemaker);
  EXPECT_EQ(made->job.image_uri, "gan_training:build_0_1");
  EXPECT_EQ(made->bucket_uri, "s3://my-results");
  EXPECT_TRUE(made->job.spot);
  EXPECT_EQ(made->job.max_run_time.count(), 100);
  EXPECT_EQ(made->job.max_wait_time->count(), 200);
  EXPECT_EQ(made->job.channels[1].uri, "s3://data/images/");
}

TEST_F(MakePlan, WaitsForNothingWithoutSpotOrOnThisMachine) {
  EXPECT_FALSE(plan(on_platform({}))->job.max_wait_time);
  const auto local = plan({"SAGEMAKER.SPOT_INSTANCE=true"});
  ASSERT_TRUE(local);
  EXPECT_FALSE(local->job.spot);
  EXPECT_FALSE(local->job.max_wait_time);
}

TEST_F(MakePlan, RefusesAMissingCodeFolder) {
  EXPECT_EQ(outcome({"LOCAL.CODE=" + (folder_ / "nowhere").string()}), "E062");
  EXPECT_EQ(outcome(on_platform({"LOCAL.CODE=" + (folder_ / "nowhere").string()})), "") << "only local jobs need it";
}

TEST_F(MakePlan, RefusesAProgramOutsideTheCode) {
  for (const char* program : {"../main", "/bin/sh", "a/../../b", "./main", "a//b"}) {
    EXPECT_EQ(outcome({std::string("CONTAINER.PROGRAM=") + program}), "E063") << program;
  }
}

TEST_F(MakePlan, RefusesFoldersThatLeaveTheBucket) {
  for (const char* option : {"S3.EXPERIMENT_NAME", "S3.CONFIG_FOLDER", "S3.CHECKPOINT_DIR", "S3.OUTPUT_DIR"}) {
    for (const char* folder : {"..", ".", "a/../b", "a/."}) {
      EXPECT_EQ(outcome({std::string(option) + "=" + folder}), "E064") << option << folder;
    }
  }
  EXPECT_EQ(outcome({"S3.SAGEMAKER_RESULTS_BUCKET="}), "E064");
}

TEST_F(MakePlan, RefusesDataThatAreNotThere) {
  EXPECT_EQ(outcome({"S3.TRAINING_DATA=file://" + (folder_ / "dogs").string()}), "E065");
  EXPECT_EQ(outcome({"S3.TRAINING_DATA=file://" + (folder_ / "data/cats/1.png").string()}), "") << "a file will do";
}

TEST_F(MakePlan, LetsALocalJobReadAndWriteS3) {
  const auto made = plan({"S3.TRAINING_DATA=s3://data/images", "S3.SAGEMAKER_RESULTS_BUCKET=my-results"});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->bucket_uri, "s3://my-results");
  EXPECT_EQ(made->job.channels.back().uri, "s3://data/images");
  EXPECT_EQ(made->job.channels.back().input_mode, InputMode::File);
}

TEST_F(MakePlan, TellsAllErrorsAtOnceEachWhereItWasWritten) {
  const auto made = plan({"CONTAINER.PROGRAM=../x", "S3.OUTPUT_DIR=..", "S3.TRAINING_DATA=file:///no/such/data",
                          "LOCAL.CODE=" + (folder_ / "nowhere").string()});
  ASSERT_FALSE(made);
  ASSERT_EQ(made.error().size(), 4u);
  for (const Error& error : made.error()) {
    EXPECT_NE(error.excerpt.find("--set "), std::string::npos) << error.message;
    EXPECT_NE(error.fix, "");
    EXPECT_EQ(error.exit, ExitCode::configuration);
  }
}

TEST(MetricDefinitions, FindTheFiveValuesOfALogLineInAnyNotation) {
  const std::string line = "[3/5][10/28] Loss_D: 1.2e-05 Loss_G: -3.5 D(x): .75 D(G(z))_before: 1 D(G(z))_after: 2E+3";
  const std::vector<std::string> expected = {"1.2e-05", "-3.5", ".75", "1", "2E+3"};
  const auto definitions = default_metric_definitions();
  ASSERT_EQ(definitions.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::smatch match;
    ASSERT_TRUE(std::regex_search(line, match, std::regex(definitions[i].regex))) << definitions[i].name;
    ASSERT_EQ(match.size(), 2u) << "one capture group, as the API wants it";
    EXPECT_EQ(match[1], expected[i]) << definitions[i].name;
  }
}

TEST_F(MakePlan, RefusesAPlatformJobWithoutImageS3OrAWholeVpc) {
  EXPECT_EQ(outcome(on_platform({"ECR.IMAGE_NAME="})), "E069");
  EXPECT_EQ(outcome(on_platform({"S3.SAGEMAKER_RESULTS_BUCKET=file://runs"})), "E070");
  EXPECT_EQ(outcome(on_platform({"SAGEMAKER.SUBNETS=[subnet-1]"})), "E071");
  EXPECT_EQ(outcome(on_platform({"SAGEMAKER.SUBNETS=[subnet-1]", "SAGEMAKER.SECURITY_GROUP_IDS=[sg-1]"})), "");
}

TEST_F(MakePlan, RefusesWhatIsTooMuchForSageMakerAndNamesTheOption) {
  const std::string many(600, 'x');
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"SAGEMAKER.ARN=arn:aws:iam::123456789012:role/" + std::string(2048, 'r'), "SAGEMAKER.ARN"},
      {"SAGEMAKER.VOLUME_KMS_KEY=" + std::string(2049, 'k'), "SAGEMAKER.VOLUME_KMS_KEY"},
      {"SAGEMAKER.OUTPUT_KMS_KEY=" + std::string(2049, 'k'), "SAGEMAKER.OUTPUT_KMS_KEY"},
      {"ECR.IMAGE_NAME=" + std::string(256, 'i'), "ECR.IMAGE_NAME"},
      {"S3.TRAINING_DATA=s3:///images", "S3.TRAINING_DATA"},
      {"S3.TRAINING_DATA=s3://b/" + std::string(1024, 'p'), "S3.TRAINING_DATA"},
      {"S3.OUTPUT_DIR=" + std::string(1024, 'p'), "S3.OUTPUT_DIR"},
      {"S3.CHECKPOINT_DIR=" + std::string(1024, 'p'), "S3.CHECKPOINT_DIR"},
      {"CONTAINER.OUTPUT_DIR=/opt/ml/" + std::string(2500, 'o'), "CONTAINER.OUTPUT_DIR"},
      {"CONTAINER.PROGRAM=" + many, "CONTAINER.PROGRAM"},
      {"CONTAINER.ENVIRONMENT={A: " + many + "}", "CONTAINER.ENVIRONMENT"},
      {"CONTAINER.ENVIRONMENT={" + many + ": a}", "CONTAINER.ENVIRONMENT"},
      {"CONTAINER.ENVIRONMENT={1A: a}", "CONTAINER.ENVIRONMENT"},
      {"CONTAINER.ENVIRONMENT={" + numbered("V", 101) + "}", "CONTAINER.ENVIRONMENT"},
      {"SAGEMAKER.METRIC_DEFINITIONS={m: " + many + "}", "SAGEMAKER.METRIC_DEFINITIONS"},
      {"SAGEMAKER.METRIC_DEFINITIONS={" + many + ": (x)}", "SAGEMAKER.METRIC_DEFINITIONS"},
      {"SAGEMAKER.METRIC_DEFINITIONS={m: ''}", "SAGEMAKER.METRIC_DEFINITIONS"},
      {"SAGEMAKER.METRIC_DEFINITIONS={" + numbered("m", 41) + "}", "SAGEMAKER.METRIC_DEFINITIONS"},
      {"SAGEMAKER.TAGS={" + std::string(129, 't') + ": a}", "SAGEMAKER.TAGS"},
      {"SAGEMAKER.TAGS={team: " + many + "}", "SAGEMAKER.TAGS"},
      {"SAGEMAKER.TAGS={team: 'a*b'}", "SAGEMAKER.TAGS"},
      {"SAGEMAKER.TAGS={'aws:team': a}", "SAGEMAKER.TAGS"},
      {"SAGEMAKER.TAGS={" + numbered("t", 48) + "}", "SAGEMAKER.TAGS"}};
  for (const auto& [setting, option] : rows) {
    const auto made = plan(on_platform({setting}));
    ASSERT_FALSE(made) << setting.substr(0, 60);
    const Error& error = made.error()[0];
    EXPECT_EQ(error.code, "E072") << error.message;
    EXPECT_TRUE(error.message.starts_with(option + ":")) << error.message;
    EXPECT_NE(error.fix, "");
  }
}

TEST_F(MakePlan, TakesAsMuchAsSageMakerDoes) {
  for (const std::string& setting :
       {"CONTAINER.ENVIRONMENT={" + numbered("V", 100) + "}",
        "SAGEMAKER.METRIC_DEFINITIONS={" + numbered("m", 40) + "}", "SAGEMAKER.TAGS={" + numbered("t", 47) + "}",
        "SAGEMAKER.TAGS={t: " + std::string(256, 'v') + "}", "SAGEMAKER.OUTPUT_KMS_KEY=" + std::string(2048, 'k'),
        "CONTAINER.ENVIRONMENT={A: " + std::string(512, 'x') + "}"}) {
    EXPECT_EQ(outcome(on_platform({setting})), "") << setting.substr(0, 60);
  }
  EXPECT_EQ(outcome(on_platform({"CONTAINER.ENVIRONMENT={" + numbered("V", 100) + "}", "CONTAINER.PROGRAM=main"})),
            "E072")
      << "the program is a variable of its own";
}

TEST_F(MakePlan, OfAJobOnThePlatformHasItsOptions) {
  const auto made = plan(on_platform(
      {"SAGEMAKER.REGION=us-gov-west-1", "SAGEMAKER.VOLUME_SIZE_GB=50", "SAGEMAKER.KEEP_ALIVE_PERIOD=60",
       "SAGEMAKER.REMOTE_DEBUG=true", "SAGEMAKER.TAGS={team: gan}", "SAGEMAKER.METRIC_DEFINITIONS={m: 'm=(.*)'}",
       "S3.TRAINING_DATA=s3://d/", "S3.INPUT_MODE=FastFile", "S3.DATA_DISTRIBUTION=ShardedByS3Key",
       "S3.COMPRESS_OUTPUT=false", "ECR.IMAGE_URI=public.ecr.aws/x/y@sha256:1"}));
  ASSERT_TRUE(made) << made.error()[0].message;
  const JobPlan& job = made->job;
  EXPECT_EQ(job.image_uri, "public.ecr.aws/x/y@sha256:1");
  EXPECT_TRUE(job.platform.image_is_full_uri);
  EXPECT_EQ(job.platform.region, "us-gov-west-1");
  EXPECT_EQ(job.volume_size_gb, 50);
  EXPECT_EQ(job.platform.keep_alive.count(), 60);
  EXPECT_TRUE(job.platform.remote_debug);
  EXPECT_FALSE(job.platform.compress_output);
  EXPECT_EQ(job.platform.tags.at("team"), "gan");
  ASSERT_EQ(job.metric_definitions.size(), 1u);
  EXPECT_EQ(job.channels[0].input_mode, InputMode::File) << "the config is always copied";
  EXPECT_EQ(job.channels[1].input_mode, InputMode::FastFile);
  EXPECT_EQ(job.channels[1].distribution, DataDistribution::ShardedByS3Key);
}

TEST(MetricDefinitions, FindTheSampleLineOfTheGuideAndNoValueThatIsNoNumber) {
  const std::string line =
      "[1/20][40/122] Loss_D: 0.5515 Loss_G: 3.4464 D(x): 0.9596 D(G(z))_before: 0.3827 D(G(z))_after: 0.0371 | 579 "
      "images/s";
  const std::vector<std::string> expected = {"0.5515", "3.4464", "0.9596", "0.3827", "0.0371"};
  const auto definitions = default_metric_definitions();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::smatch match;
    const std::regex regex(definitions[i].regex);
    ASSERT_TRUE(std::regex_search(line, match, regex));
    EXPECT_EQ(match[1], expected[i]);
    for (const char* no_number : {"nan", "-nan", "inf", "-inf", "NaN"}) {
      const std::string bad = std::regex_replace(line, std::regex(R"([0-9]\.[0-9]+)"), no_number);
      EXPECT_FALSE(std::regex_search(bad, regex)) << definitions[i].name << " in " << bad;
    }
  }
}

}  // namespace
}  // namespace smflow::plan
