#include "job.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace smflow::gan {
namespace {

class MakeJob : public testing::Test {
 protected:
  // As a person starts it.
  Arguments by_hand(std::string_view config = "TRAINING: {NUM_EPOCHS: 3}\n") const {
    Arguments arguments;
    arguments.config = folder_.write("training_config.yaml", config);
    arguments.data = "/pictures";
    arguments.out = "/results";
    return arguments;
  }

  // As the platform starts it.
  static Arguments in_job() {
    Arguments arguments;
    arguments.train_cfg_filename = "training_config.yaml";
    arguments.output_dir = "/opt/ml/checkpoints";
    return arguments;
  }
  training::Environment job_environment() const {
    folder_.write("config/training_config.yaml", "TRAINING: {SEED: 5}\n");
    training::Environment environment;
    environment.current_host = "algo-1";
    environment.hosts = {"algo-1"};
    environment.model_dir = "/opt/ml/model";
    environment.output_data_dir = "/opt/ml/output/data";
    environment.channels = {{"config", folder_ / "config"}, {"traindata", "/opt/ml/input/data/traindata"}};
    return environment;
  }

  static Error refusal(const Arguments& arguments, const training::Environment& environment) {
    const auto job = make_job(arguments, environment);
    if (job) {
      ADD_FAILURE() << "the job was made";
      return {};
    }
    return job.error().front();
  }

  static std::string configuration(Arguments arguments, std::vector<std::string> assignments) {
    arguments.assignments = std::move(assignments);
    const auto job = make_job(arguments, {});
    return job ? job->configuration : "refused: " + job.error().front().message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(MakeJob, PutsEverythingBelowTheFolderOfAPerson) {
  const auto job = make_job(by_hand(), {});
  ASSERT_TRUE(job) << job.error().front().message;
  EXPECT_EQ(job->config.training.num_epochs, 3);
  EXPECT_EQ(job->data.lexically_normal(), "/pictures/");
  EXPECT_EQ(job->model, "/results/model");
  EXPECT_EQ(job->output_data, "/results/output");
  EXPECT_EQ(job->checkpoints, "/results/checkpoints");
  EXPECT_EQ(job->metrics_file, "/results/output/metrics/metrics.jsonl");
}

TEST_F(MakeJob, PutsEverythingWhereThePlatformWantsIt) {
  const auto job = make_job(in_job(), job_environment());
  ASSERT_TRUE(job) << job.error().front().message;
  EXPECT_EQ(job->config.training.seed, 5);
  EXPECT_EQ(job->host, "algo-1");
  EXPECT_EQ(job->data, "/opt/ml/input/data/traindata");
  EXPECT_EQ(job->model, "/opt/ml/model");
  EXPECT_EQ(job->output_data, "/opt/ml/output/data");
  EXPECT_EQ(job->checkpoints, "/opt/ml/checkpoints");
  EXPECT_EQ(job->metrics_file, "/opt/ml/output/data/metrics/metrics.jsonl");
}

TEST_F(MakeJob, WritesMetricsWhereTheLauncherWantsThem) {
  auto environment = job_environment();
  environment.metrics_file = "/tmp/metrics.jsonl";
  EXPECT_EQ(make_job(in_job(), environment)->metrics_file, "/tmp/metrics.jsonl");
}

TEST_F(MakeJob, LooksForDataBelowTheChannelOrTheFolder) {
  Arguments arguments = in_job();
  arguments.assignments = {"DATALOADER.DATA_DIR=faces/all"};
  EXPECT_EQ(make_job(arguments, job_environment())->data, "/opt/ml/input/data/traindata/faces/all");
  arguments.assignments = {"DATALOADER.DATA_DIR=/elsewhere"};
  EXPECT_EQ(make_job(arguments, job_environment())->data, "/elsewhere");
  EXPECT_EQ(make_job(by_hand("DATALOADER: {DATA_DIR: faces}\n"), {})->data, "/pictures/faces");
}

TEST_F(MakeJob, ReportsEveryErrorOfTheConfig) {
  const auto job = make_job(by_hand("TRAINING: {NUM_EPOCH: 3, SEED: x}\n"), {});
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().size(), 2u);
  EXPECT_EQ(job.error().front().exit, ExitCode::configuration);
}

TEST_F(MakeJob, KnowsWhetherAHostHasItsOwnPartOfThePictures) {
  auto environment = job_environment();
  environment.hosts = {"algo-1", "algo-2"};
  const auto whole = make_job(in_job(), environment);
  ASSERT_TRUE(whole);
  EXPECT_FALSE(whole->data_is_a_part);
  environment.sharded_channels = {"traindata"};
  const auto part = make_job(in_job(), environment);
  ASSERT_TRUE(part);
  EXPECT_TRUE(part->data_is_a_part);
}

TEST_F(MakeJob, RefusesToStartWithoutConfig) {
  EXPECT_EQ(refusal({}, {}).message, "no training config was given");
  EXPECT_EQ(refusal({}, {}).code, "E339");
}

TEST_F(MakeJob, KeepsTheConfigInsideItsChannel) {
  for (const char* name : {"../training_config.yaml", "/etc/passwd", "a/../../b"}) {
    Arguments arguments = in_job();
    arguments.train_cfg_filename = name;
    EXPECT_EQ(refusal(arguments, job_environment()).code, "E339") << name;
  }
}

TEST_F(MakeJob, NamesTheChannelThatIsMissing) {
  auto environment = job_environment();
  environment.channels.erase("traindata");
  const Error error = refusal(in_job(), environment);
  EXPECT_EQ(error.code, "E331");
  EXPECT_NE(error.message.find("traindata"), std::string::npos) << error.message;
}

TEST_F(MakeJob, RefusesToTrainForNothing) {
  Arguments arguments = by_hand();
  arguments.out.clear();
  EXPECT_EQ(refusal(arguments, {}).message, "no place for the results was given");
  Arguments without_checkpoints = in_job();
  without_checkpoints.output_dir.clear();
  EXPECT_EQ(refusal(without_checkpoints, job_environment()).message, "no place for the results was given");
}

TEST_F(MakeJob, ContinuesAcrossWhatDoesNotChangeTheTraining) {
  const std::string text = configuration(by_hand(), {});
  for (const char* same :
       {"TRAINING.NUM_EPOCHS=99", "DATALOADER.NUM_WORKERS=0", "TRAINING.LOG_EVERY=1", "TRAINING.NUM_GPU=0",
        "DATALOADER.CACHE=false", "DATALOADER.DATA_DIR=a", "TRAINING.CHECKPOINT_EVERY=7"}) {
    EXPECT_EQ(configuration(by_hand(), {same}), text) << same;
  }
  for (const char* other :
       {"TRAINING.SEED=1", "GENERATOR.FEATURE_SIZE=8", "DATALOADER.BATCH_SIZE=2", "TRAINING.PRECISION=bf16",
        "TRAINING.LEARNING_RATE=0.1", "DATALOADER.IMAGE_SIZE=32", "GENERATOR.LATENT_SIZE=5"}) {
    EXPECT_NE(configuration(by_hand(), {other}), text) << other;
  }
}

}  // namespace
}  // namespace smflow::gan
