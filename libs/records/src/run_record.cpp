#include <cstdlib>

#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <smflow/base/parallel.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/run_record.hpp>

namespace smflow::records {

namespace {

std::string key(std::string_view prefix, std::string_view name) {
  return std::string(prefix) + "/" + std::string(name);
}

// Two files of one name must not become one object.
std::string training_config_key(const RecordInput& input) {
  const bool clash = input.training_config.name == input.sagemaker_config.name;
  return "config/" + std::string(clash ? "training-" : "") + input.training_config.name;
}

OrderedJson file_reference(const std::string& name, const UserFile& file) {
  return {{"key", name},
          {"sha256", sha256_hex(file.content)},
          {"size", file.content.size()},
          {"original_path", file.original_path.string()}};
}

OrderedJson who_and_where() {
  utsname system{};
  uname(&system);
  return {{"user", user_name()}, {"host", system.nodename}};
}

OrderedJson target(const plan::JobPlan& plan) {
  OrderedJson target{{"mode", plan.target == plan::Target::sagemaker ? "sagemaker" : "process"},
                     {"instance_type", plan.instance_type},
                     {"instance_count", plan.instance_count},
                     {"spot", plan.spot},
                     {"max_run_s", plan.max_run_time.count()}};
  if (plan.max_wait_time) target["max_wait_s"] = plan.max_wait_time->count();
  if (!plan.role_arn.empty()) target["role_arn"] = plan.role_arn;
  return target;
}

OrderedJson invocation(const RecordInput& input) {
  OrderedJson argv = OrderedJson::array();
  for (const std::string& argument : input.argv) argv.push_back(redact(argument));
  return {{"argv", std::move(argv)},
          {"cwd_rel", "."},
          {"overrides", input.overrides},
          {"tool", {{"name", "smflow"}, {"version", input.tool_version}}}};
}

OrderedJson configs(const RecordInput& input) {
  return {{"sagemaker", file_reference("config/" + input.sagemaker_config.name, input.sagemaker_config)},
          {"training", file_reference(training_config_key(input), input.training_config)},
          {"effective", {{"sagemaker", input.effective_sagemaker}, {"training", input.effective_training}}},
          {"changed", input.changed},
          {"hash", input.config_hash}};
}

OrderedJson outputs(const plan::JobPlan& plan) {
  return {{"record", plan.record_uri},
          {"checkpoints", plan.checkpoint ? OrderedJson(plan.checkpoint->uri) : OrderedJson(nullptr)},
          {"model", plan.output_uri + "/" + plan.job_name + "/output/model.tar.gz"}};
}

std::string command_line(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  for (const std::string& argument : argv) words.push_back(shell_quote(redact(argument)));
  return join(words, " ");
}

OrderedJson run_json(const plan::JobPlan& plan, const RecordInput& input, WallTime created) {
  return {{"schema", "smflow.run/1"},
          {"run", {{"id", plan.job_name}, {"experiment", input.experiment}, {"created", format_utc(created)}}},
          {"who", who_and_where()},
          {"invocation", invocation(input)},
          {"target", target(plan)},
          {"image", plan.image_uri.empty() ? OrderedJson(nullptr) : OrderedJson{{"uri", plan.image_uri}}},
          {"source", nullptr},
          {"configs", configs(input)},
          {"request", input.request.is_null() ? OrderedJson(nullptr) : OrderedJson{{"key", "request.json"}}},
          {"data", OrderedJson::array()},
          {"outputs", outputs(plan)},
          {"env", OrderedJson::object()},
          {"replicate",
           {{"command", command_line(input.argv)},
            {"exact", false},
            {"why_not_exact", {"the code and the data are not part of this record"}}}},
          {"redactions", OrderedJson::array()}};
}

// Values of the job's variables that are secret by name. A person may have written them anywhere, on the command line
// too, so they are looked for as they are. Shorter ones would be found in words that are no secret.
std::vector<std::string> secret_values(const plan::JobPlan& plan) {
  constexpr std::size_t shortest = 6;
  std::vector<std::string> secrets;
  for (const auto& [name, value] : plan.environment) {
    if (names_a_secret(name) && value.size() >= shortest) secrets.push_back(value);
  }
  return secrets;
}

std::string without(std::string text, const std::vector<std::string>& secrets) {
  constexpr std::string_view mark = "[redacted:name]";
  for (const std::string& secret : secrets) {
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += mark.size()) {
      text.replace(at, secret.size(), mark);
    }
  }
  return text;
}

OrderedJson without(OrderedJson json, const std::vector<std::string>& secrets) {
  if (json.is_string()) return without(json.get<std::string>(), secrets);
  if (json.is_structured()) {
    for (OrderedJson& member : json) member = without(std::move(member), secrets);
  }
  return json;
}

std::string pretty(const OrderedJson& json) {
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
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

OrderedJson outcome_json(const plan::JobDescription& job) {
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
          {"phases", phases(job)},
          {"hosts", std::move(hosts)},
          {"artifacts", std::move(artifacts)},
          {"finalised_by", "submitter"}};
}

}  // namespace

std::string user_name() {
  if (const char* caller = std::getenv("SUDO_USER"); caller != nullptr && *caller != '\0') return caller;
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(geteuid());
}

std::string outcome_state(const plan::JobDescription& job) {
  if (job.status == plan::JobStatus::Completed) return "succeeded";
  if (job.status == plan::JobStatus::Failed) return "failed";
  return job.secondary_status == "MaxRuntimeExceeded" || job.secondary_status == "MaxWaitTimeExceeded" ? "timed_out"
                                                                                                       : "stopped";
}

std::vector<RecordFile> record_files(const plan::JobPlan& plan, const RecordInput& input, WallTime created) {
  const std::vector<std::string> secrets = secret_values(plan);
  const OrderedJson effective{{"sagemaker", input.effective_sagemaker}, {"training", input.effective_training}};
  std::vector<RecordFile> files{{"config/" + input.sagemaker_config.name, input.sagemaker_config.content},
                                {training_config_key(input), input.training_config.content},
                                {"config/train/" + input.channel_file_name, input.channel_file_content},
                                {"effective.json", pretty(without(effective, secrets))}};
  if (!input.request.is_null()) files.push_back({"request.json", pretty(without(input.request, secrets))});
  files.push_back({"record.json", pretty(without(run_json(plan, input, created), secrets))});
  return files;
}

Result<void> write_record(storage::Store& bucket, std::string_view prefix, const plan::JobPlan& plan,
                          const RecordInput& input, WallTime created) {
  const std::vector<RecordFile> files = record_files(plan, input, created);
  const auto put = [&](const RecordFile& file) { return bucket.put(key(prefix, file.key), file.content); };
  auto written = in_parallel(files.size() - 1, bucket.transfers_at_once(), {},
                             [&](std::size_t index, std::stop_token) { return put(files[index]); });
  if (!written) return written;
  return put(files.back());
}

Result<void> write_outcome(storage::Store& bucket, std::string_view prefix, const plan::JobDescription& job) {
  return bucket.put(key(prefix, "outcome.json"), pretty(outcome_json(job)));
}

}  // namespace smflow::records
