#include "platform_limits.hpp"

#include <smflow/base/files.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/plan/job_name.hpp>
#include <smflow/plan/make_plan.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::plan {

namespace fs = std::filesystem;

namespace {

Target target_of(const std::string& instance_type) {
  if (instance_type == "local") return Target::local;
  return instance_type == "local_gpu" ? Target::local_gpu : Target::sagemaker;
}

class Planner {
 public:
  Planner(const JobConfigs& configs, WallTime now, RandomSource& random)
      : configs_(configs), options_(configs.options) {
    plan_.job.job_name = make_job_name(options_.sagemaker.job_name, now, random);
    plan_.job.target = target_of(options_.sagemaker.instance_type);
  }

  tl::expected<RunPlan, ConfigErrors> make() {
    plan_machines();
    plan_local();
    plan_program();
    plan_places();
    plan_inputs();
    plan_platform();
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(plan_);
  }

 private:
  void error(const char* option, const char* code, std::string message, std::string fix) {
    errors_.push_back(config::error_at(configs_.sagemaker, option, code, std::move(message), std::move(fix)));
  }

  bool is_local() const { return plan_.job.target != Target::sagemaker; }

  void plan_machines() {
    JobPlan& job = plan_.job;
    const SageMakerOptions& machines = options_.sagemaker;
    job.role_arn = machines.arn;
    job.instance_type = machines.instance_type;
    job.instance_count = machines.instance_count;
    job.spot = machines.spot_instance && !is_local();
    job.max_run_time = std::chrono::seconds(machines.max_run_time);
    if (job.spot) job.max_wait_time = std::chrono::seconds(machines.max_wait_time);
    job.volume_size_gb = machines.volume_size_gb;
    job.platform.image_is_full_uri = !options_.ecr.image_uri.empty();
    if (job.platform.image_is_full_uri) {
      job.image_uri = options_.ecr.image_uri;
    } else if (!options_.ecr.image_name.empty()) {
      job.image_uri = options_.ecr.image_name + ":" + options_.ecr.tag;
    }
  }

  void plan_local() {
    if (!is_local()) return;
    JobPlan& job = plan_.job;
    job.local.engine = options_.local.engine;
    job.local.code = configs_.code;
    job.local.code_is_given = !options_.local.code.empty();
    if (!options_.local.shape.empty()) {
      job.local.shape = instance_shape(options_.local.shape);
      if (!job.local.shape) {
        error("LOCAL.SHAPE", "E073",
              "LOCAL.SHAPE: '" + options_.local.shape + "' is not an instance type that is known",
              "write one like ml.m5.xlarge or ml.g5.2xlarge, or leave it empty");
      }
    }
    job.local.work_directory =
        options_.local.work_dir.empty() ? default_work_directory() : fs::absolute(options_.local.work_dir);
    job.local.keep_core = options_.local.keep_core;
    job.local.aws_credentials = options_.local.aws_credentials;
    job.stop_grace = std::chrono::seconds(options_.local.stop_grace);
    std::error_code failed;
    const bool code_is_needed =
        job.local.code_is_given || job.local.engine == LocalEngine::process || job.image_uri.empty();
    if (code_is_needed && !fs::is_directory(configs_.code, failed)) {
      error("LOCAL.CODE", "E062", "LOCAL.CODE: no such folder '" + configs_.code.string() + "'",
            "build the training program (./quickstart.sh, or cmake --build --preset release), or name your folder");
    }
  }

  void plan_program() {
    JobPlan& job = plan_.job;
    job.program = options_.container.program;
    if (!job.program.empty() && !is_safe_relative_path(job.program)) {
      error("CONTAINER.PROGRAM", "E063", "CONTAINER.PROGRAM: '" + job.program + "' is not a path below /opt/ml/code",
            "write the path from /opt/ml/code, like 'main' or 'src/train.py'");
    }
    if (!configs_.training_schema.empty()) job.config_schema = "sha256:" + sha256_hex(configs_.training_schema);
    job.environment = options_.container.environment;
    if (options_.sagemaker.metric_definitions.empty()) job.metric_definitions = default_metric_definitions();
    for (const auto& [name, regex] : options_.sagemaker.metric_definitions) {
      job.metric_definitions.push_back({.name = name, .regex = regex});
    }
    plan_.channel_file = configs_.training_file.path.filename().string();
    job.hyperparameters = {{"train_cfg_filename", plan_.channel_file}, {"output_dir", options_.container.output_dir}};
  }

  void plan_places() {
    const S3Options& s3 = options_.s3;
    JobPlan& job = plan_.job;
    for (const auto& [option, value] :
         {std::pair{"S3.EXPERIMENT_NAME", s3.experiment_name}, std::pair{"S3.CONFIG_FOLDER", s3.config_folder},
          std::pair{"S3.CHECKPOINT_DIR", s3.checkpoint_dir}, std::pair{"S3.OUTPUT_DIR", s3.output_dir}}) {
      if (!is_safe_relative_path(value)) {
        error(option, "E064", std::string(option) + ": '" + value + "' leaves the bucket",
              "write a path without '.' and '..'");
      }
    }
    if (s3.sagemaker_results_bucket.empty()) {
      error("S3.SAGEMAKER_RESULTS_BUCKET", "E064", "S3.SAGEMAKER_RESULTS_BUCKET is empty",
            "write a bucket's name, or file://runs for a folder of this machine");
    }
    plan_.bucket_uri = location_uri(s3.sagemaker_results_bucket);
    const std::string experiment = plan_.bucket_uri + "/" + s3.experiment_name + "/";
    plan_.record_prefix = s3.experiment_name + "/" + s3.config_folder + "/" + job.job_name;
    job.record_uri = plan_.bucket_uri + "/" + plan_.record_prefix;
    job.output_uri = experiment + s3.output_dir;
    job.checkpoint = Checkpoint{.uri = experiment + s3.checkpoint_dir + "/" + job.job_name,
                                .local_path = options_.container.output_dir};
  }

  void plan_inputs() {
    const std::string& data = options_.s3.training_data;
    JobPlan& job = plan_.job;
    job.channels.push_back({.name = "config", .uri = job.record_uri + "/config/train/"});
    if (data.empty()) return;
    job.channels.push_back({.name = "traindata",
                            .uri = location_uri(data),
                            .input_mode = options_.s3.input_mode,
                            .distribution = options_.s3.data_distribution});
    const auto path = storage::is_file_uri(data) ? storage::file_uri_path(data) : Result<fs::path>(fs::path("/"));
    std::error_code failed;
    if (!path) {
      errors_.push_back(path.error());
    } else if (!fs::exists(*path, failed)) {
      error("S3.TRAINING_DATA", "E065", "S3.TRAINING_DATA: no such file or folder '" + path->string() + "'",
            "file:// paths start at the current folder unless they begin with '/'");
    }
  }

  void plan_platform() {
    const SageMakerOptions& from = options_.sagemaker;
    if (is_local()) {
      // Where an image is had from that is not on this machine.
      plan_.job.platform.region = from.region;
      plan_.job.platform.ecr_account = options_.ecr.account;
      plan_.job.platform.network_isolation = from.network_isolation;
      plan_.job.platform.compress_output = options_.s3.compress_output;
      if (from.network_isolation && options_.local.aws_credentials) {
        error("LOCAL.AWS_CREDENTIALS", "E074",
              "LOCAL.AWS_CREDENTIALS: a job with SAGEMAKER.NETWORK_ISOLATION has no AWS credentials",
              "set one of the two to false");
      }
      return;
    }
    plan_.job.platform = {.region = from.region,
                          .ecr_account = options_.ecr.account,
                          .image_is_full_uri = plan_.job.platform.image_is_full_uri,
                          .keep_alive = std::chrono::seconds(from.keep_alive_period),
                          .max_retry_attempts = from.max_retry_attempts,
                          .network_isolation = from.network_isolation,
                          .encrypt_inter_container_traffic = from.encrypt_inter_container_traffic,
                          .remote_debug = from.remote_debug,
                          .compress_output = options_.s3.compress_output,
                          .subnets = from.subnets,
                          .security_group_ids = from.security_group_ids,
                          .volume_kms_key = from.volume_kms_key,
                          .output_kms_key = from.output_kms_key,
                          .tags = from.tags};
    if (plan_.job.image_uri.empty()) {
      error("ECR.IMAGE_NAME", "E069", "ECR.IMAGE_NAME and ECR.IMAGE_URI are empty: a job on SageMaker runs in an image",
            "name the image's repository, or its full URI");
    }
    require_s3("S3.SAGEMAKER_RESULTS_BUCKET", options_.s3.sagemaker_results_bucket);
    require_s3("S3.TRAINING_DATA", options_.s3.training_data);
    for (Error& fault : limit_errors(configs_, plan_.job)) errors_.push_back(std::move(fault));
  }

  void require_s3(const char* option, const std::string& location) {
    if (!storage::is_file_uri(location)) return;
    error(option, "E070", std::string(option) + ": '" + location + "' is a folder of this machine, not on S3",
          "a job on SageMaker reads and writes S3 only: name a bucket");
  }

  const JobConfigs& configs_;
  const SagemakerConfig& options_;
  RunPlan plan_;
  ConfigErrors errors_;
};

}  // namespace

ConfigErrors limit_errors(const JobConfigs& configs, const JobPlan& plan) {
  ConfigErrors errors;
  if (plan.target != Target::sagemaker) return errors;
  for (LimitFault& fault : platform_faults(plan)) {
    errors.push_back(
        config::error_at(configs.sagemaker, fault.option, fault.code, std::move(fault.message), std::move(fault.fix)));
  }
  return errors;
}

std::string location_uri(const std::string& location) {
  if (storage::is_file_uri(location)) {
    const auto folder = storage::file_uri_path(location);
    return folder ? "file://" + folder->string() : location;
  }
  return location.find("://") == std::string::npos ? "s3://" + location : location;
}

tl::expected<RunPlan, ConfigErrors> make_plan(const JobConfigs& configs, WallTime now, RandomSource& random) {
  return Planner(configs, now, random).make();
}

std::vector<MetricDefinition> default_metric_definitions() {
  // Sign and exponent included: a pattern of digits and dots would read 1.2e-05 as 1.2.
  const std::string number = "([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)";
  return {{.name = "discriminator:loss", .regex = "Loss_D: " + number},
          {.name = "generator:loss", .regex = "Loss_G: " + number},
          {.name = "discriminator:real_images", .regex = "D\\(x\\): " + number},
          {.name = "discriminator:fake_images_before_update", .regex = "D\\(G\\(z\\)\\)_before: " + number},
          {.name = "discriminator:fake_images_after_update", .regex = "D\\(G\\(z\\)\\)_after: " + number}};
}

}  // namespace smflow::plan
