#include "record_files.hpp"

#include <smflow/base/timestamp.hpp>

namespace smflow::records::test {

Recorded run_named(const std::string& name, const std::string& bucket_uri, int epochs) {
  Recorded run;
  run.prefix = "team/exp/configs/" + name;
  run.plan.job_name = name;
  run.plan.instance_type = "local";
  run.plan.record_uri = bucket_uri + "/" + run.prefix;
  run.plan.output_uri = bucket_uri + "/team/exp/outputs";
  run.input.experiment = "team/exp";
  run.input.bucket_uri = bucket_uri;
  run.input.sagemaker_config = {.name = "sagemaker_config.yaml", .content = "A: 1\n", .original_path = "a.yaml"};
  run.input.training_config = {.name = "training_config.yaml", .content = "B: 1\n", .original_path = "b.yaml"};
  run.input.channel_file_name = "training_config.yaml";
  run.input.effective_sagemaker = {{"SAGEMAKER", {{"INSTANCE_TYPE", "local"}}}};
  run.input.effective_training = {{"TRAINING", {{"NUM_EPOCHS", epochs}, {"LEARNING_RATE", 2e-4}}}};
  run.input.changed = {{"training:TRAINING.NUM_EPOCHS", epochs}};
  run.input.overrides = OrderedJson::object();
  run.input.argv = {"smflow", "run"};
  run.input.tool_version = "0.1.0";
  return run;
}

plan::JobDescription ended(const std::string& name, plan::JobStatus status) {
  plan::JobDescription job;
  job.job_name = name;
  job.status = status;
  job.secondary_status = plan::to_string(status);
  job.creation_time = *parse_iso8601("2026-01-31T12:00:00Z");
  job.training_start_time = *parse_iso8601("2026-01-31T12:00:10Z");
  job.training_end_time = *parse_iso8601("2026-01-31T12:01:10Z");
  return job;
}

}  // namespace smflow::records::test
