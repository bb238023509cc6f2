#include "card.hpp"
#include "json_access.hpp"
#include "secret_scan.hpp"
#include "understand.hpp"

#include <cstdlib>
#include <functional>

#include <pwd.h>
#include <unistd.h>

#include <smflow/base/json_number.hpp>
#include <smflow/base/machine.hpp>
#include <smflow/base/parallel.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/run_metrics.hpp>
#include <smflow/records/run_record.hpp>

namespace smflow::records {

namespace {

std::string key(std::string_view prefix, std::string_view name) {
  return std::string(prefix) + "/" + std::string(name);
}

constexpr const char* schema_key = "config/schema/training_config.schema.json";

// Two files of one name must not become one object.
std::string training_config_key(const RecordInput& input) {
  const bool clash = input.training_config.name == input.sagemaker_config.name;
  return "config/" + std::string(clash ? "training-" : "") + input.training_config.name;
}

OrderedJson file_reference(const std::string& name, const std::string& content) {
  return {{"key", name}, {"sha256", sha256_hex(content)}, {"size", content.size()}};
}

OrderedJson file_reference(const std::string& name, const UserFile& file) {
  OrderedJson reference = file_reference(name, file.content);
  reference["original_path"] = file.original_path.string();
  return reference;
}

OrderedJson who_and_where(const RecordInput& input) {
  OrderedJson who{{"user", user_name()}, {"host", host_name()}};
  if (!input.account.empty()) who["aws_account"] = input.account;
  return who;
}

const char* mode_of(const plan::JobPlan& plan, const RecordInput& input) {
  if (plan.target == plan::Target::sagemaker) return "sagemaker";
  return input.in_containers ? "container" : "process";
}

OrderedJson target(const plan::JobPlan& plan, const RecordInput& input) {
  OrderedJson target{{"mode", mode_of(plan, input)},
                     {"instance_type", plan.instance_type},
                     {"instance_count", plan.instance_count},
                     {"spot", plan.spot},
                     {"max_run_s", plan.max_run_time.count()}};
  if (plan.max_wait_time) target["max_wait_s"] = plan.max_wait_time->count();
  if (!plan.role_arn.empty()) target["role_arn"] = plan.role_arn;
  if (!input.region.empty()) target["region"] = input.region;
  return target;
}

OrderedJson invocation(const RecordInput& input) {
  return {{"argv", input.argv},
          {"cwd_rel", "."},
          {"overrides", input.overrides},
          {"tool", {{"name", "smflow"}, {"version", input.tool_version}}}};
}

OrderedJson configs(const RecordInput& input) {
  return {{"sagemaker", file_reference("config/" + input.sagemaker_config.name, input.sagemaker_config)},
          {"training", file_reference(training_config_key(input), input.training_config)},
          {"schema",
           input.training_schema.empty() ? OrderedJson(nullptr) : file_reference(schema_key, input.training_schema)},
          {"effective", {{"sagemaker", input.effective_sagemaker}, {"training", input.effective_training}}},
          {"changed", input.changed},
          {"origins", input.origins},
          {"hash", input.config_hash}};
}

OrderedJson outputs(const plan::JobPlan& plan) {
  return {{"record", plan.record_uri},
          {"checkpoints", plan.checkpoint ? OrderedJson(plan.checkpoint->uri) : OrderedJson(nullptr)},
          {"model", plan::model_uri(plan)}};
}

OrderedJson text_or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson image(const plan::JobPlan& plan, const RecordInput& input) {
  if (plan.image_uri.empty()) return nullptr;
  const std::string sent = text_at(input.request, {"AlgorithmSpecification", "TrainingImage"});
  return {{"uri", sent.empty() ? plan.image_uri : sent}, {"digest", text_or_null(input.image_digest)}};
}

OrderedJson code(const plan::JobPlan& plan, const RecordInput& input) {
  const bool of_image = input.in_containers && !plan.local.code_is_given;
  if (plan.target == plan::Target::sagemaker || of_image) return nullptr;
  return {{"path", plan.local.code.string()}, {"hash", text_or_null(input.code_hash)}};
}

OrderedJson source(const RecordInput& input) {
  const SourceState& state = input.source.state;
  if (state.commit.empty()) return nullptr;
  OrderedJson json{{"vcs", "git"},           {"remote", text_or_null(state.remote)},
                   {"commit", state.commit}, {"branch", text_or_null(state.branch)},
                   {"dirty", state.dirty},   {"tree", text_or_null(state.tree)},
                   {"patch", nullptr},       {"patch_omitted", text_or_null(state.patch_omitted)}};
  if (!state.patch.empty()) {
    json["patch"] = file_reference(state.patch, input.source.patch);
  }
  return json;
}

OrderedJson data(const RecordInput& input) {
  OrderedJson list = OrderedJson::array();
  for (const DataManifest& manifest : input.data) {
    const DataState& state = manifest.state;
    list.push_back({{"channel", state.channel},
                    {"uri", state.uri},
                    {"count", state.count},
                    {"bytes", state.bytes},
                    {"hash", state.hash},
                    {"hash_kind", state.hash_kind},
                    {"manifest", state.manifest}});
  }
  return list;
}

OrderedJson environment(const plan::JobPlan& plan, std::vector<Redaction>& redactions) {
  OrderedJson passed = OrderedJson::object();
  for (const auto& [name, value] : plan.environment) {
    const bool secret = names_a_secret(name);
    if (secret) redactions.push_back({"env.passed." + name, "name"});
    passed[name] = secret ? "[redacted:name]" : value;
  }
  return {{"passed", std::move(passed)}};
}

std::vector<std::string> why_not_exact(const plan::JobPlan& plan, const RecordInput& input) {
  std::vector<std::string> why;
  const SourceState& state = input.source.state;
  if (state.commit.empty()) why.emplace_back("the command was not called in a git repository");
  if (!state.commit.empty() && !state.patch_omitted.empty()) {
    why.emplace_back("the changes of the code are not complete: " + state.patch_omitted);
  }
  if (!input.data_fault.empty()) why.emplace_back("the data could not be listed: " + input.data_fault);
  for (const DataManifest& one : input.data) {
    if (one.state.hash_kind == "size-list") why.emplace_back("of the data only names and sizes are known");
  }
  if ((plan.target == plan::Target::sagemaker || input.in_containers) && input.image_digest.empty()) {
    why.emplace_back("the digest of the image is not known");
  }
  return why;
}

OrderedJson replicate(const plan::JobPlan& plan, const RecordInput& input) {
  const std::vector<std::string> why = why_not_exact(plan, input);
  return {{"command", "smflow runs replicate " + plan.job_name + " --bucket " + shell_quote(input.bucket_uri)},
          {"exact", why.empty()},
          {"why_not_exact", why}};
}

OrderedJson run_json(const plan::JobPlan& plan, const RecordInput& input, WallTime created, const SecretScan& scan,
                     std::vector<Redaction> redactions) {
  OrderedJson record{{"schema", "smflow.run/1"},
                     {"run",
                      {{"id", plan.job_name},
                       {"experiment", input.experiment},
                       {"created", format_utc(created)},
                       {"parent", text_or_null(input.parent)},
                       {"relation", input.parent.empty() ? OrderedJson(nullptr) : OrderedJson("replicate")}}},
                     {"who", who_and_where(input)},
                     {"invocation", invocation(input)},
                     {"target", target(plan, input)},
                     {"image", image(plan, input)},
                     {"code", code(plan, input)},
                     {"source", source(input)},
                     {"configs", configs(input)},
                     {"request", input.request.is_null() ? OrderedJson(nullptr) : OrderedJson{{"key", "request.json"}}},
                     {"data", data(input)},
                     {"outputs", outputs(plan)},
                     {"env", environment(plan, redactions)},
                     {"replicate", replicate(plan, input)}};
  record = scan.clean_all(std::move(record), "", redactions);
  record["redactions"] = OrderedJson::array();
  for (const Redaction& one : redactions) record["redactions"].push_back({{"where", one.where}, {"rule", one.rule}});
  return record;
}

OrderedJson time_or_null(const std::optional<WallTime>& time) {
  return time ? OrderedJson(format_utc(*time)) : OrderedJson(nullptr);
}

OrderedJson phases(const plan::JobDescription& job) {
  OrderedJson phases = OrderedJson::array();
  for (const plan::StatusTransition& transition : job.transitions) {
    phases.push_back({{"name", transition.status},
                      {"start", format_utc(transition.start)},
                      {"end", time_or_null(transition.end)},
                      {"message", redact(transition.message)}});
  }
  return phases;
}

OrderedJson seconds_or_null(const std::optional<std::chrono::seconds>& duration) {
  return duration ? OrderedJson(duration->count()) : OrderedJson(nullptr);
}

OrderedJson metrics_json(const std::vector<MetricSummary>& metrics) {
  OrderedJson json = OrderedJson::object();
  for (const MetricSummary& one : metrics) {
    json[one.name] = {{"last", json_number(one.last)},
                      {"last_step", one.last_step},
                      {"least", json_number(one.least)},
                      {"least_step", one.least_step},
                      {"greatest", json_number(one.greatest)},
                      {"greatest_step", one.greatest_step},
                      {"points", one.points}};
  }
  return json;
}

OrderedJson outcome_json(const plan::JobDescription& job, const std::vector<MetricSummary>& metrics, const char* by) {
  OrderedJson hosts = OrderedJson::array();
  int exit_code = 0;
  for (const plan::HostExit& host : job.hosts) {
    hosts.push_back({{"name", host.host}, {"exit_code", host.exit_code}});
    if (exit_code == 0) exit_code = host.exit_code;
  }
  OrderedJson artifacts = OrderedJson::array();
  for (const std::string& uri : {job.model_artifacts_uri, job.output_artifacts_uri}) {
    if (!uri.empty()) artifacts.push_back({{"uri", uri}});
  }
  return {{"schema", "smflow.outcome/1"},
          {"state", outcome_state(job)},
          {"status", plan::to_string(job.status)},
          {"secondary_status", job.secondary_status},
          {"reason", redact(job.failure_reason)},
          {"exit_code", exit_code},
          {"created", format_utc(job.creation_time)},
          {"started", time_or_null(job.training_start_time)},
          {"ended", time_or_null(job.training_end_time)},
          {"training_s", seconds_or_null(job.training_time)},
          {"billable_s", seconds_or_null(job.billable_time)},
          {"phases", phases(job)},
          {"hosts", std::move(hosts)},
          {"artifacts", std::move(artifacts)},
          {"metrics", metrics_json(metrics)},
          {"finalised_by", by}};
}

// Of a job that is being deleted only the history says how it ended.
bool ended_as(const plan::JobDescription& job, plan::JobStatus status) {
  if (job.status != plan::JobStatus::Deleting) return job.status == status;
  return std::ranges::find(job.transitions, plan::to_string(status), &plan::StatusTransition::status) !=
         job.transitions.end();
}

Run run_of(std::string_view prefix, const RecordFile& record) {
  Run run;
  run.record_key = prefix;
  run.record = ordered_document(record.content);
  understand_record(run);
  return run;
}

std::string submitted_text(const RecordInput& input, const std::string& job_name, WallTime now) {
  const OrderedJson submitted{{"schema", "smflow.submitted/1"},
                              {"job_name", job_name},
                              {"arn", text_or_null(input.job_arn)},
                              {"at", format_utc(now)}};
  return pretty(submitted);
}

}  // namespace

std::string user_name() {
  if (const char* caller = std::getenv("SUDO_USER"); caller != nullptr && *caller != '\0') return caller;
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(geteuid());
}

std::string outcome_state(const plan::JobDescription& job) {
  if (ended_as(job, plan::JobStatus::Completed)) return "succeeded";
  if (ended_as(job, plan::JobStatus::Failed)) return "failed";
  const bool timed_out = job.secondary_status == "MaxRuntimeExceeded" || job.secondary_status == "MaxWaitTimeExceeded";
  return timed_out ? "timed_out" : "stopped";
}

std::vector<RecordFile> record_files(const plan::JobPlan& plan, const RecordInput& input, WallTime created) {
  const SecretScan scan(known_secrets(plan, input.own_secrets));
  std::vector<Redaction> redactions;
  RecordInput told = input;
  told.source.patch = scan.clean(input.source.patch, "source.patch", redactions);
  if (told.source.patch != input.source.patch) told.source.state.patch_omitted = "secrets";
  const auto without_secrets = [&](OrderedJson json) {
    std::vector<Redaction> said_in_the_record;
    return pretty(scan.clean_all(std::move(json), "", said_in_the_record));
  };
  const OrderedJson effective{{"sagemaker", input.effective_sagemaker}, {"training", input.effective_training}};
  std::vector<RecordFile> files{{"config/" + input.sagemaker_config.name, input.sagemaker_config.content},
                                {training_config_key(input), input.training_config.content},
                                {"config/train/" + input.channel_file_name, input.channel_file_content},
                                {"effective.json", without_secrets(effective)}};
  if (!input.training_schema.empty()) files.push_back({schema_key, input.training_schema});
  if (!input.request.is_null()) files.push_back({"request.json", without_secrets(input.request)});
  if (!told.source.patch.empty()) files.push_back({"source.patch", told.source.patch});
  files.push_back({"record.json", pretty(run_json(plan, told, created, scan, std::move(redactions)))});
  return files;
}

std::vector<RecordFile> submission_files(std::string_view prefix, const plan::JobPlan& plan, const RecordInput& input,
                                         WallTime created) {
  std::vector<RecordFile> files = record_files(plan, input, created);
  const Run run = run_of(prefix, files.back());
  for (RecordFile& file : files) file.key = key(prefix, file.key);
  for (const DataManifest& manifest : input.data) files.push_back({manifest.state.manifest, manifest.lines});
  files.push_back({card_key(started_cards, card_stem(run.created, run.name)), card_text(run)});
  files.push_back({key(prefix, "submitted.json"), submitted_text(input, plan.job_name, created)});
  return files;
}

Result<void> write_record(storage::Store& bucket, std::string_view prefix, const plan::JobPlan& plan,
                          const RecordInput& input, WallTime created) {
  const std::vector<RecordFile> files = record_files(plan, input, created);
  const Run run = run_of(prefix, files.back());
  std::vector<std::function<Result<void>()>> writes;
  for (const RecordFile& file : files) {
    writes.emplace_back([&] { return bucket.put(key(prefix, file.key), file.content); });
  }
  for (const DataManifest& manifest : input.data) {
    writes.emplace_back([&]() -> Result<void> {
      auto put = bucket.put(manifest.state.manifest, manifest.lines);
      // Named by its content: whoever wrote it before has written the same.
      if (!put && put.error().code == "E142") return {};
      return put;
    });
  }
  auto written = in_parallel(writes.size(), bucket.transfers_at_once(), {},
                             [&](std::size_t index, std::stop_token) { return writes[index](); });
  // Whoever finds a card finds the whole record.
  return written.and_then([&] { return put_card(bucket, started_cards, run); });
}

Result<void> write_submitted(storage::Store& bucket, std::string_view prefix, const RecordInput& input,
                             const std::string& job_name, WallTime now) {
  return bucket.put(key(prefix, "submitted.json"), submitted_text(input, job_name, now));
}

Result<void> write_outcome(storage::Store& bucket, std::string_view prefix, const plan::JobDescription& job,
                           const char* by) {
  auto run = read_run(bucket, prefix);
  if (!run) return tl::unexpected(std::move(run).error());
  const auto metrics = read_kept_metrics(bucket, *run);
  const OrderedJson outcome = outcome_json(job, metrics ? summarize(*metrics) : std::vector<MetricSummary>{}, by);
  auto put = bucket.put(key(prefix, "outcome.json"), pretty(outcome));
  // Somebody else has seen the end first, and may not have come to the card.
  const bool first = put.has_value();
  if (!first && put.error().code != "E142") return put;
  if (first) {
    run->outcome = outcome;
    understand_outcome(*run);
  } else if (run->outcome.is_null()) {
    run = read_run(bucket, prefix);
    if (!run) return tl::unexpected(std::move(run).error());
  }
  return put_card(bucket, ended_cards, *run);
}

}  // namespace smflow::records
