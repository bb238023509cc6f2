#pragma once

#include <string>
#include <vector>

#include <smflow/config/option.hpp>
#include <smflow/plan/job_plan.hpp>

// Every option of the SageMaker config, with its default: the one-stop reference of what a job can be told. Adding an
// option is adding it here. The values in force are read as config.sagemaker.instance_count.
namespace smflow::plan {

// In the order of LocalEngine; written `auto` in the file, which is no name in C++.
CHOICE_TEXT(LocalEngine, "auto, process, container")
CHOICE_TEXT(InputMode, "File, FastFile, Pipe")
CHOICE_TEXT(DataDistribution, "FullyReplicated, ShardedByS3Key")

struct SageMakerOptions {
  SECTION(SageMakerOptions, "Where and how the training job runs.");
  OPTION(std::string, arn, "The execution role: what the job may do on AWS. Not used by a local job.",
         .pattern = R"((arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+)?)",
         .pattern_words = "the ARN of an IAM role", .example = "arn:aws:iam::123456789012:role/SageMakerTraining",
         .identity = false) = "";
  OPTION(std::string, instance_type,
         "The kind of machine: `local` is this machine, `local_gpu` this machine with its GPUs, `ml.*` is rented.",
         .pattern = R"(local|local_gpu|ml\.[a-z0-9-]+\.[a-z0-9]+)",
         .pattern_words = "local, local_gpu, or an instance type like ml.g5.xlarge", .example = "ml.g5.xlarge",
         .identity = false, .spellings = {{"local-gpu", "local_gpu"}}) = "local";
  OPTION(int, instance_count, "How many machines train together. A local job runs as many hosts on this machine.",
         .unit = "machines", .min = 1, .max = 100) = 1;
  OPTION(bool, spot_instance, "Rent spare capacity: cheaper, but the job may be interrupted and started again.",
         .renamed_from = {"USE_SPOT_INSTANCE"}, .identity = false) = false;
  OPTION(std::string, job_name,
         "What the job is called. The time and five random characters are added, `_` becomes `-`.",
         .pattern = R"([A-Za-z0-9][A-Za-z0-9_-]{0,40})",
         .pattern_words = "1 to 41 letters, digits, dashes and underscores, begun by a letter or digit",
         .example = "gan_training", .identity = false) = "training";
  OPTION(int, max_wait_time,
         "How long a spot job may take in all, waiting for capacity included. Only used with SPOT_INSTANCE.",
         .unit = "seconds", .min = 1, .max = 2419200, .identity = false) = 86400;
  OPTION(int, max_run_time, "How long the job may run; then it is stopped and its artifacts are kept.",
         .unit = "seconds", .min = 1, .max = 2419200, .identity = false) = 86400;
  OPTION(std::string, region, "The AWS region of the job. Empty: the region of the credentials in force.",
         .pattern = R"(([a-z]+(-[a-z]+)+-[0-9]+)?)", .pattern_words = "a region like eu-west-1", .example = "eu-west-1",
         .identity = false) = "";
  OPTION(int, volume_size_gb, "The disk of each machine. Machines with disks of their own ignore it.", .unit = "GB",
         .min = 1, .max = 16384, .identity = false) = 30;
  OPTION(int, keep_alive_period, "How long the machines wait for a next job (a warm pool). 0: not at all.",
         .unit = "seconds", .min = 0, .max = 21600, .identity = false) = 0;
  OPTION(int, max_retry_attempts, "How often SageMaker starts the job again after a fault of its own. 0: never.",
         .unit = "attempts", .min = 0, .max = 30, .identity = false) = 0;
  OPTION(bool, network_isolation, "No network and no AWS credentials in the container.", .identity = false) = false;
  OPTION(bool, encrypt_inter_container_traffic, "Encrypt what the machines tell each other; slower.",
         .identity = false) = false;
  OPTION(bool, remote_debug, "Allow a shell in the running container.", .identity = false) = false;
  OPTION(std::vector<std::string>, subnets, "The subnets of your VPC, 1 to 16. Needs SECURITY_GROUP_IDS.",
         .pattern = R"([0-9a-zA-Z-]{1,32})", .pattern_words = "letters, digits and dashes", .identity = false);
  OPTION(std::vector<std::string>, security_group_ids, "The VPC's security groups, 1 to 5. Needs SUBNETS.",
         .pattern = R"([0-9a-zA-Z-]{1,32})", .pattern_words = "letters, digits and dashes", .identity = false);
  OPTION(std::string, volume_kms_key, "The KMS key of the disks. Not with machines that have disks of their own.",
         .pattern = R"([a-zA-Z0-9:/_-]*)", .pattern_words = "a key's id, ARN or alias", .identity = false) = "";
  OPTION(std::string, output_kms_key, "The KMS key of model.tar.gz and output.tar.gz.",
         .pattern = R"([a-zA-Z0-9:/_-]*)", .pattern_words = "a key's id, ARN or alias", .identity = false) = "";
  OPTION(smflow::config::TextMap, tags, "Labels of the job, up to 47; smflow adds who, commit and experiment.",
         .identity = false);
  OPTION(smflow::config::TextMap, metric_definitions,
         "What log lines are searched for: name to pattern with one group. Empty: the five values of the GAN program.",
         .identity = false);
};

struct EcrOptions {
  SECTION(EcrOptions, "The training image in Amazon ECR. Not used by a local job in the process engine.");
  OPTION(std::string, image_name, "The repository's name.", .pattern = R"([a-z0-9._/-]{0,256})",
         .pattern_words = "lower-case letters, digits and . _ - /", .example = "gan_training") = "";
  OPTION(std::string, tag, "The image's tag.", .pattern = R"([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})",
         .pattern_words = "letters, digits and . _ -", .example = "build_0_1") = "latest";
  OPTION(std::string, account, "The account of the registry. Empty: the account of the credentials in force.",
         .pattern = R"(([0-9]{12})?)", .pattern_words = "12 digits", .example = "123456789012") = "";
  OPTION(std::string, image_uri, "A full image URI, taken instead of IMAGE_NAME, TAG and ACCOUNT.",
         .pattern = R"([A-Za-z0-9._/:@-]{0,255})", .pattern_words = "registry/repository:tag, up to 255 characters",
         .example = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan_training:1") = "";
};

struct S3Options {
  SECTION(S3Options, "Where data comes from and where everything of an experiment goes.");
  OPTION(std::string, training_data,
         "The training data: `s3://bucket/prefix/`, or `file://` and a folder or file of this machine.",
         .pattern = R"(((s3|file)://.+)?)", .pattern_words = "a location that begins with s3:// or file://",
         .example = "s3://my-bucket/images/", .identity = false) = "";
  OPTION(std::string, sagemaker_results_bucket,
         "The bucket for configs and results: its name, or `file://` and a folder of this machine.",
         .pattern = R"((file://.+|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?)",
         .pattern_words = "a bucket name, or file:// and a folder", .example = "my-team-results",
         .identity = false) = "file://runs";
  OPTION(std::string, experiment_name, "The folder of this experiment in the bucket; may have several levels.",
         .pattern = R"([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)",
         .pattern_words = "letters, digits and . _ - in parts between single slashes",
         .example = "ml_engineer_1/gan_training", .identity = false) = "experiment";
  OPTION(std::string, config_folder, "Its folder for run records: configs, outcome, logs, metrics, samples.",
         .pattern = R"([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)",
         .pattern_words = "letters, digits and . _ - in parts between single slashes", .identity = false) = "configs";
  OPTION(std::string, checkpoint_dir, "Its folder for checkpoints, synced while the job runs.",
         .pattern = R"([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)",
         .pattern_words = "letters, digits and . _ - in parts between single slashes",
         .identity = false) = "checkpoints";
  OPTION(std::string, output_dir, "Its folder for model.tar.gz and output.tar.gz.",
         .pattern = R"([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)",
         .pattern_words = "letters, digits and . _ - in parts between single slashes", .identity = false) = "outputs";
  OPTION(InputMode, input_mode, "`File` copies the data first, `FastFile` reads it on demand, `Pipe` streams it.",
         .identity = false) = InputMode::File;
  OPTION(DataDistribution, data_distribution,
         "`FullyReplicated` gives every machine all data, `ShardedByS3Key` each a part of the objects.") =
      DataDistribution::FullyReplicated;
  OPTION(bool, compress_output, "Pack the artifacts as tar.gz; otherwise they are uploaded file by file.",
         .identity = false) = true;
};

struct ContainerOptions {
  SECTION(ContainerOptions, "What runs inside the container, and what it is given.");
  OPTION(std::string, output_dir, "The folder in the container that is synced with CHECKPOINT_DIR.",
         .pattern = R"(/opt/ml/[A-Za-z0-9._/-]+)", .pattern_words = "a folder below /opt/ml/",
         .identity = false) = "/opt/ml/checkpoints";
  OPTION(
      std::string, program,
      "The program to run, a path below /opt/ml/code, given as SAGEMAKER_PROGRAM. Empty: what the image says, or the "
      "first of main, main.py, main.sh in the code folder.",
      .example = "main") = "";
  OPTION(smflow::config::TextMap, environment, "Environment variables for the program. Never put a secret here.");
};

struct TrainingOptions {
  SECTION(TrainingOptions, "The training program's own configuration.");
  OPTION(std::string, config_file,
         "The training config file, a path from the current folder or from the folder of this file.",
         .example = "configs/training_config.yaml", .identity = false) = "configs/training_config.yaml";
};

struct LocalOptionsGroup {
  SECTION(LocalOptionsGroup, "How a job runs on this machine. Not used by a job on SageMaker.");
  OPTION(LocalEngine, engine,
         "`process` runs the program in a sandbox without Docker, `container` in its image. `auto` takes the container "
         "when "
         "its image is there, else the process.",
         .identity = false) = LocalEngine::automatic;
  OPTION(std::string, code,
         "The folder that stands as /opt/ml/code. Empty: what the image has there, or, without an image, the training "
         "program that was built with smflow.",
         .identity = false) = "";
  OPTION(std::string, work_dir, "Where the job's folders live while it runs. Empty: the user's cache folder.",
         .identity = false) = "";
  OPTION(
      std::string, shape,
      "An instance type whose CPUs and memory every host gets, like ml.m5.xlarge; as far as this machine has them. Of "
      "the container engine only. Empty: all of this machine.",
      .identity = false) = "";
  OPTION(bool, keep_core, "Keep the core of a program that crashes, for smflow attach --post-mortem.",
         .identity = false) = true;
  OPTION(bool, aws_credentials,
         "Give the program your AWS credentials, as the role gives it some on SageMaker. They pass through memory only, "
         "and are those of the start: nothing refreshes them.",
         .identity = false) = false;
  OPTION(int, stop_grace, "How long a stopped job may take to save before it is killed; SageMaker gives 120.",
         .unit = "seconds", .min = 0, .max = 3600, .identity = false) = 120;
};

struct SagemakerConfig {
  CONFIGURATION(SagemakerConfig, "sagemaker", "One training job, on Amazon SageMaker or on this machine.");
  GROUP(SageMakerOptions, sagemaker);
  GROUP(EcrOptions, ecr);
  GROUP(S3Options, s3);
  GROUP(ContainerOptions, container);
  GROUP(TrainingOptions, training);
  GROUP(LocalOptionsGroup, local);

  static std::vector<smflow::config::Rule> rules() {
    return {{"SAGEMAKER.SPOT_INSTANCE", "SAGEMAKER.MAX_WAIT_TIME", ">=", "SAGEMAKER.MAX_RUN_TIME",
             "SageMaker refuses a spot job that may not wait as long as it may run"},
            {"SAGEMAKER.INSTANCE_TYPE starts-with ml.", "SAGEMAKER.ARN", "!=", "",
             "a job on SageMaker needs an execution role"},
            {"SAGEMAKER.SPOT_INSTANCE", "SAGEMAKER.KEEP_ALIVE_PERIOD", "==", "0", "spot machines are not kept alive"}};
  }
};

}  // namespace smflow::plan
