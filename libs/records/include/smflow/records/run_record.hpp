#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/base/json.hpp>
#include <smflow/plan/training_service.hpp>
#include <smflow/records/data_manifest.hpp>
#include <smflow/records/run.hpp>
#include <smflow/records/source_state.hpp>
#include <smflow/storage/store.hpp>

// The record of one run: immutable files below <experiment>/<config folder>/<job>/ that say what was run, with what,
// and how it ended.
//
//   record.json                 what was started (smflow.run/1), written before the job starts
//   config/<name>               the user's two files, byte for byte
//   config/train/<name>         the one file of the `config` channel: the effective training config
//   config/schema/<name>        the training program's schema, by which a replica reads the training config
//   effective.json              both effective configs
//   request.json                the CreateTrainingJob request of a job on SageMaker
//   source.patch                how the code differed from its commit
//   submitted.json              that the service has accepted it (smflow.submitted/1)
//   outcome.json                how it ended (smflow.outcome/1)
//   logs/<host>.txt             written by the service; those of SageMaker by who follows the job to its end
//   metrics/, samples/          copied from the job's output artifact
//
// Beside it, in the bucket: the cards of run_index.hpp, and smflow/v1/data/<hash>.jsonl, the lists of the inputs.
namespace smflow::records {

struct UserFile {
  std::string name;  // basename
  std::string content;
  std::filesystem::path original_path;
};

struct RecordInput {
  std::string experiment;
  std::string bucket_uri;
  UserFile sagemaker_config;
  UserFile training_config;
  std::string channel_file_name;     // below config/train/
  std::string channel_file_content;  // what the training program reads
  std::string training_schema = {};  // the schema file of the training program; empty: it has none
  OrderedJson effective_sagemaker;   // {SECTION: {KEY: value}}
  OrderedJson effective_training;
  OrderedJson changed;            // "sagemaker:SECTION.KEY" to value, where it is not the default
  OrderedJson overrides;          // what --set and --set-training said
  std::string config_hash;        // SHA-256 of the effective configs' canonical text
  OrderedJson request = nullptr;  // what SageMaker was sent, without secrets; null for a local job
  std::vector<std::string> argv;
  std::string tool_version;
  OrderedJson origins = OrderedJson::object();  // "sagemaker:SECTION.KEY" to where a value that is no default is from
  SourceSnapshot source = {};
  std::vector<DataManifest> data = {};
  std::string data_fault = {};  // why the inputs could not be listed
  std::string image_digest = {};
  bool in_containers = false;  // a local job
  std::string code_hash = {};  // of what stands as /opt/ml/code; not of an image's own
  std::string region = {};
  std::string account = {};
  std::string job_arn = {};                   // as SageMaker will call it
  std::string parent = {};                    // the run that this one replicates
  std::vector<std::string> own_secrets = {};  // of the user's AWS credentials; found anywhere, they are left out
};

// The person who runs, also under sudo.
std::string user_name();

// One file of a record.
struct RecordFile {
  std::string key;  // below the record's own
  std::string content;
};
// All files but the outcome, `record.json` last. Secrets are in none of them but the user's own two, which the plan has
// refused when they hold any: credentials by their form, values of variables that are secret by name, `own_secrets`,
// and random words beside a word like "token".
std::vector<RecordFile> record_files(const plan::JobPlan& plan, const RecordInput& input, WallTime created);

// Everything that is written for a run that is submitted, by its key in the bucket: the files of the record, the lists
// of the inputs, the card of a run that has started, submitted.json.
std::vector<RecordFile> submission_files(std::string_view prefix, const plan::JobPlan& plan, const RecordInput& input,
                                         WallTime created);

// Writes the lists of the inputs and record_files(), then the card of a run that has started. `prefix` is the record's
// key in `bucket`. Error E142 when a record of this name exists.
Result<void> write_record(storage::Store& bucket, std::string_view prefix, const plan::JobPlan& plan,
                          const RecordInput& input, WallTime created);

// Writes submitted.json.
Result<void> write_submitted(storage::Store& bucket, std::string_view prefix, const RecordInput& input,
                             const std::string& job_name, WallTime now);

// Writes outcome.json with the metrics that are beside the record, and the card of a run that has ended. Nothing when
// there is an outcome already. `by`: "submitter", or "reconciler" for who comes later.
Result<void> write_outcome(storage::Store& bucket, std::string_view prefix, const plan::JobDescription& job,
                           const char* by = "submitter");

// Copies metrics/ and samples/ of the job's output artifact, a local archive or folder, beside the record, each file
// once.
Result<void> copy_results(storage::Store& bucket, std::string_view prefix, const std::filesystem::path& artifact);

// "succeeded", "failed", "stopped" or "timed_out".
std::string outcome_state(const plan::JobDescription& job);

}  // namespace smflow::records
