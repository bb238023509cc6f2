#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/base/json.hpp>
#include <smflow/storage/store.hpp>

// A run as it is read back: everything its record says, from any version of the record. What an old record does not say
// is empty here.
namespace smflow::records {

enum class RunState {
  open,  // started, and no end is known: it waits or runs
  succeeded,
  failed,
  stopped,
  timed_out,
  lost,  // a job on somebody's machine that can no longer be running and has left no outcome
};
// "open", "succeeded", "failed", "stopped", "timed_out", "lost".
const char* to_string(RunState state);
std::optional<RunState> run_state(std::string_view name);

// One option of a config, as the run had it.
struct Parameter {
  std::string config;  // "sagemaker" or "training"
  std::string path;    // "GENERATOR.LATENT_SIZE"
  OrderedJson value;
  std::string origin = {};  // "default", "configs/a.yaml:3:18", "--set SECTION.KEY=4"
  bool changed = false;     // from its default
};

// The last and the outermost values of one metric. `step` counts lines where the program gave none.
struct MetricSummary {
  std::string name;
  double last = 0;
  std::int64_t last_step = 0;
  double least = 0;
  std::int64_t least_step = 0;
  double greatest = 0;
  std::int64_t greatest_step = 0;
  std::uint64_t points = 0;
};

// The code the command was called beside.
struct SourceState {
  std::string commit;  // empty: no git
  std::string branch = {};
  std::string remote = {};  // without credentials
  bool dirty = false;
  std::string tree = {};           // git's name of the whole state, changes included
  std::string patch = {};          // key below the record, "source.patch"; empty: clean, or left out
  std::string patch_omitted = {};  // "too-large" and the like
};

// One input of the job.
struct DataState {
  std::string channel;
  std::string uri;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  std::string hash;       // over the lines of the manifest
  std::string hash_kind;  // "sha256-list", "s3-etag-list" or "size-list"
  std::string manifest;   // key in the bucket
};

struct Phase {
  std::string name;  // "Starting", "Training", ...
  WallTime start;
  std::optional<WallTime> end;
  std::string message;
};

struct Redaction {
  std::string where;  // "source.patch"
  std::string rule;   // "access-key-id"
};

struct Run {
  std::string name;        // the job's, which is the run's id
  std::string record_key;  // in the bucket
  std::string record_uri;
  std::string schema;  // "smflow.run/1"
  std::string experiment;
  std::string user;
  std::string host;
  WallTime created = {};
  std::vector<std::string> argv;
  std::string tool_version;
  std::string parent = {};  // the run this one replicates

  std::string mode;  // "process", "container" or "sagemaker"
  std::string instance_type;
  int instance_count = 1;
  bool spot = false;
  std::string region = {};
  std::chrono::seconds max_run_time{0};
  std::string image_uri = {};
  std::string image_digest = {};  // "sha256:..."; of a job in containers the image's id
  std::string code_path = {};     // of a local job whose program is not the image's own
  std::string code_hash = {};
  SourceState source = {};
  std::vector<DataState> data = {};
  std::vector<Parameter> parameters = {};  // those of "sagemaker" first, each in the order of its template
  std::string config_hash = {};
  std::vector<std::pair<std::string, std::string>> environment = {};  // what the job was given, redacted
  std::vector<std::pair<std::string, std::string>> outputs = {};      // "model", "s3://..."
  std::vector<Redaction> redactions = {};
  std::string replicate_command = {};
  std::vector<std::string> why_not_exact = {};  // empty: a replica is exact

  std::string arn = {};
  RunState state = RunState::open;
  std::string status = {};            // SageMaker's
  std::string secondary_status = {};  // SageMaker's
  std::string reason = {};            // why it failed
  int exit_code = 0;
  std::optional<WallTime> started = {};
  std::optional<WallTime> ended = {};
  std::optional<std::chrono::seconds> training_time = {};  // of one instance, like the next
  std::optional<std::chrono::seconds> billable_time = {};
  std::vector<Phase> phases = {};
  std::vector<MetricSummary> metrics = {};
  std::vector<std::pair<std::string, std::string>> artifacts = {};  // "model", "output": those that are there

  // Everything below the record, keys relative to it: "samples/epoch-0001.png".
  std::vector<storage::ObjectInfo> files = {};
  OrderedJson record = {};     // record.json as it is
  OrderedJson outcome = {};    // outcome.json, or null
  OrderedJson submitted = {};  // submitted.json, or null

  // None: the config has no such option. `path` with or without "training:" or "sagemaker:" before it.
  const Parameter* parameter(std::string_view path) const;
  std::chrono::milliseconds duration(WallTime now) const;
};

// The run whose record is at `record_key` in the bucket. E370: there is none. E371: not a record of a version that is
// known here.
Result<Run> read_run(storage::Store& bucket, std::string_view record_key);

}  // namespace smflow::records
