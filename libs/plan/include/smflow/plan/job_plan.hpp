#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/json.hpp>
#include <smflow/plan/instance_shape.hpp>

namespace smflow::plan {

enum class Target { local, local_gpu, sagemaker };
enum class LocalEngine { automatic, process, container };
enum class InputMode { File, FastFile, Pipe };
enum class DataDistribution { FullyReplicated, ShardedByS3Key };

// As the SageMaker API writes them.
const char* to_string(InputMode mode);
const char* to_string(DataDistribution distribution);

// One input of the job, in the container at /opt/ml/input/data/<name>.
struct Channel {
  std::string name;  // 1..64 of [A-Za-z0-9._-]
  std::string uri;   // s3://..., or file://... naming a folder or one file
  InputMode input_mode = InputMode::File;
  std::string content_type = {};  // empty: not said
  DataDistribution distribution = DataDistribution::FullyReplicated;
};

struct MetricDefinition {
  std::string name;
  std::string regex;  // exactly one capture group: the value
};

struct Checkpoint {
  std::string uri;         // synced during and after the run, restored at the start
  std::string local_path;  // in the container
};

// What the platform does; of it a local job keeps the network isolation and the form of the output. Empty and zero: not
// asked for.
struct PlatformOptions {
  std::string region;              // empty: the caller's
  std::string ecr_account;         // empty: the caller's; not used with a full image URI
  bool image_is_full_uri = false;  // image_uri is sent as it is, not completed with account and region
  std::chrono::seconds keep_alive{0};
  int max_retry_attempts = 0;
  bool network_isolation = false;
  bool encrypt_inter_container_traffic = false;
  bool remote_debug = false;
  bool compress_output = true;
  std::vector<std::string> subnets;
  std::vector<std::string> security_group_ids;
  std::string volume_kms_key;
  std::string output_kms_key;
  std::map<std::string, std::string> tags;
};

// A job whose program is being debugged.
struct Debug {
  std::string host;      // whose program waits: "algo-1"
  bool debugpy = false;  // a program in Python waits for a client of debugpy, instead of for somebody at its console
  std::filesystem::path sources = {};  // absolute; what a debugger in a container shows the lines of
};

// How a job runs on this machine only; ignored on the platform.
struct LocalOptions {
  LocalEngine engine = LocalEngine::automatic;
  std::filesystem::path code;               // the folder that stands as /opt/ml/code; absolute
  bool code_is_given = false;               // by the user: it stands there in a container too, over the image's own
  std::filesystem::path work_directory;     // where the job's folders live while it runs; absolute
  bool read_only_system = false;            // the system's folders are read-only inside the sandbox (always as root)
  std::optional<InstanceShape> shape = {};  // of every host, when it is a container
  std::optional<Debug> debug = {};          // the job's time is not limited then
  bool keep_core = true;                    // of a program that crashes
  bool aws_credentials = false;             // the program gets the caller's
};

// LOCAL.WORK_DIR of a job whose configuration names none: "jobs" in the user's cache folder.
std::filesystem::path default_work_directory();

// The folder of a job's artifacts, below its output_uri: "<job_name>/output".
std::string artifacts_folder(const std::string& job_name);
// What it holds: one archive each, or, with a "/" at the end, a folder of files (CompressionType NONE of
// OutputDataConfig).
struct ArtifactNames {
  std::string model;
  std::string output;
};
ArtifactNames artifact_names(bool compressed);

// Everything a job needs, as one value: made once from the two configs, read by every service, never changed.
struct JobPlan {
  std::string job_name;  // legal and free: the run id, the training job's name and the container's name
  Target target = Target::local;
  LocalOptions local;
  PlatformOptions platform;

  std::string image_uri;  // empty when the config names none; not used by the process engine
  std::string role_arn;
  std::string instance_type;  // as written: "local", "ml.g5.xlarge"
  int instance_count = 1;
  int volume_size_gb = 30;
  bool spot = false;
  std::chrono::seconds max_run_time{86400};
  std::optional<std::chrono::seconds> max_wait_time;  // with spot
  std::chrono::seconds stop_grace{120};               // between SIGTERM and SIGKILL; the platform's is fixed

  std::string program;        // given as SAGEMAKER_PROGRAM; empty: what the image or the code folder says
  std::string config_schema;  // "sha256:..." of the schema that the training config was checked with; empty: with none
  std::map<std::string, std::string> hyperparameters;
  std::map<std::string, std::string> environment;
  std::vector<Channel> channels;
  std::vector<MetricDefinition> metric_definitions;

  std::string output_uri;  // S3OutputPath: the artifacts land at <output_uri>/<job_name>/output/
  std::optional<Checkpoint> checkpoint;
  std::string record_uri;  // <bucket>/<experiment>/<config folder>/<job_name>
};

// Where the model lands.
std::string model_uri(const JobPlan& plan);

// The plan as JSON, secrets of the environment redacted: what `run --dry-run --json` prints.
OrderedJson to_json(const JobPlan& plan);

}  // namespace smflow::plan
