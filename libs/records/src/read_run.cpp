#include "json_access.hpp"
#include "understand.hpp"

#include <algorithm>
#include <array>

#include <smflow/records/run.hpp>

namespace smflow::records {

namespace {

constexpr std::array<std::pair<RunState, const char*>, 6> state_names = {{{RunState::open, "open"},
                                                                          {RunState::succeeded, "succeeded"},
                                                                          {RunState::failed, "failed"},
                                                                          {RunState::stopped, "stopped"},
                                                                          {RunState::timed_out, "timed_out"},
                                                                          {RunState::lost, "lost"}}};

std::vector<std::string> texts(const OrderedJson& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const OrderedJson& one : list) texts.push_back(plain_text(one));
  return texts;
}

std::vector<std::pair<std::string, std::string>> pairs(const OrderedJson& object) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!object.is_object()) return pairs;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_null()) pairs.emplace_back(name, plain_text(value));
  }
  return pairs;
}

void read_parameters(Run& run, const char* config) {
  const OrderedJson& values = member_at(run.record, {"configs", "effective", config});
  if (!values.is_object()) return;
  const OrderedJson& changed = member_at(run.record, {"configs", "changed"});
  const OrderedJson& origins = member_at(run.record, {"configs", "origins"});
  for (const auto& [section, options] : values.items()) {
    if (!options.is_object()) continue;
    for (const auto& [key, value] : options.items()) {
      const std::string path = section + "." + key;
      const std::string name = std::string(config) + ":" + path;
      Parameter parameter{.config = config, .path = path, .value = value};
      parameter.changed = changed.is_object() && changed.contains(name);
      parameter.origin = text_at(origins, {name.c_str()});
      if (parameter.origin.empty() && origins.is_object()) parameter.origin = "default";
      run.parameters.push_back(std::move(parameter));
    }
  }
}

void read_source(Run& run) {
  const OrderedJson& source = member_at(run.record, {"source"});
  run.source = {.commit = text_at(source, {"commit"}),
                .branch = text_at(source, {"branch"}),
                .remote = text_at(source, {"remote"}),
                .dirty = flag_at(source, {"dirty"}),
                .tree = text_at(source, {"tree"}),
                .patch = text_at(source, {"patch", "key"}),
                .patch_omitted = text_at(source, {"patch_omitted"})};
}

void read_data(Run& run) {
  const OrderedJson& data = member_at(run.record, {"data"});
  if (!data.is_array()) return;
  for (const OrderedJson& one : data) {
    run.data.push_back({.channel = text_at(one, {"channel"}),
                        .uri = text_at(one, {"uri"}),
                        .count = static_cast<std::uint64_t>(integer_at(one, {"count"})),
                        .bytes = static_cast<std::uint64_t>(integer_at(one, {"bytes"})),
                        .hash = text_at(one, {"hash"}),
                        .hash_kind = text_at(one, {"hash_kind"}),
                        .manifest = text_at(one, {"manifest"})});
  }
}

void read_redactions(Run& run) {
  const OrderedJson& list = member_at(run.record, {"redactions"});
  if (!list.is_array()) return;
  for (const OrderedJson& one : list) run.redactions.push_back({text_at(one, {"where"}), text_at(one, {"rule"})});
}

}  // namespace

void understand_record(Run& run) {
  const OrderedJson& record = run.record;
  run.schema = text_at(record, {"schema"});
  run.name = text_at(record, {"run", "id"});
  run.experiment = text_at(record, {"run", "experiment"});
  run.created = time_at(record, {"run", "created"}).value_or(WallTime{});
  run.parent = text_at(record, {"run", "parent"});
  run.user = text_at(record, {"who", "user"});
  run.host = text_at(record, {"who", "host"});
  run.argv = texts(member_at(record, {"invocation", "argv"}));
  run.tool_version = text_at(record, {"invocation", "tool", "version"});
  run.mode = text_at(record, {"target", "mode"});
  run.instance_type = text_at(record, {"target", "instance_type"});
  run.instance_count = static_cast<int>(integer_at(record, {"target", "instance_count"}, 1));
  run.spot = flag_at(record, {"target", "spot"});
  run.region = text_at(record, {"target", "region"});
  run.max_run_time = seconds_at(record, {"target", "max_run_s"}).value_or(std::chrono::seconds(0));
  run.image_uri = text_at(record, {"image", "uri"});
  run.image_digest = text_at(record, {"image", "digest"});
  run.code_path = text_at(record, {"code", "path"});
  run.code_hash = text_at(record, {"code", "hash"});
  run.config_hash = text_at(record, {"configs", "hash"});
  run.environment = pairs(member_at(record, {"env", "passed"}));
  run.outputs = pairs(member_at(record, {"outputs"}));
  run.replicate_command = text_at(record, {"replicate", "command"});
  run.why_not_exact = texts(member_at(record, {"replicate", "why_not_exact"}));
  read_parameters(run, "sagemaker");
  read_parameters(run, "training");
  read_source(run);
  read_data(run);
  read_redactions(run);
}

namespace {

void read_final_metrics(Run& run) {
  const OrderedJson& metrics = member_at(run.outcome, {"metrics"});
  if (!metrics.is_object()) return;
  for (const auto& [name, one] : metrics.items()) {
    run.metrics.push_back({.name = name,
                           .last = number_at(one, {"last"}),
                           .last_step = integer_at(one, {"last_step"}),
                           .least = number_at(one, {"least"}),
                           .least_step = integer_at(one, {"least_step"}),
                           .greatest = number_at(one, {"greatest"}),
                           .greatest_step = integer_at(one, {"greatest_step"}),
                           .points = static_cast<std::uint64_t>(integer_at(one, {"points"}))});
  }
}

void read_phases(Run& run) {
  const OrderedJson& phases = member_at(run.outcome, {"phases"});
  if (!phases.is_array()) return;
  for (const OrderedJson& one : phases) {
    run.phases.push_back({.name = text_at(one, {"name"}),
                          .start = time_at(one, {"start"}).value_or(WallTime{}),
                          .end = time_at(one, {"end"}),
                          .message = text_at(one, {"message"})});
  }
}

void read_artifacts(Run& run) {
  const OrderedJson& artifacts = member_at(run.outcome, {"artifacts"});
  if (!artifacts.is_array()) return;
  for (const OrderedJson& one : artifacts) {
    const std::string uri = text_at(one, {"uri"});
    std::string name = uri.substr(uri.rfind('/') + 1);
    run.artifacts.emplace_back(name.substr(0, name.find('.')), uri);
  }
}

}  // namespace

void understand_outcome(Run& run) {
  const OrderedJson& outcome = run.outcome;
  if (!outcome.is_object()) return;
  run.state = run_state(text_at(outcome, {"state"})).value_or(RunState::failed);
  run.status = text_at(outcome, {"status"});
  run.secondary_status = text_at(outcome, {"secondary_status"});
  run.reason = text_at(outcome, {"reason"});
  run.exit_code = static_cast<int>(integer_at(outcome, {"exit_code"}));
  run.started = time_at(outcome, {"started"});
  run.ended = time_at(outcome, {"ended"});
  run.training_time = seconds_at(outcome, {"training_s"});
  run.billable_time = seconds_at(outcome, {"billable_s"});
  read_phases(run);
  read_artifacts(run);
  read_final_metrics(run);
}

namespace {

Error no_record(const storage::Store& bucket, const std::string& key) {
  return {.code = "E370",
          .exit = ExitCode::not_found,
          .message = "there is no record of a run at '" + bucket.uri(key) + "'",
          .fix = "smflow runs list shows the runs that there are"};
}

Error unknown_record(const storage::Store& bucket, const std::string& key, const std::string& why) {
  return {.code = "E371",
          .exit = ExitCode::configuration,
          .message = "'" + bucket.uri(key) + "' is no record that this version reads: " + why,
          .fix = "a newer smflow may have written it"};
}

Result<OrderedJson> optional_document(storage::Store& bucket, const Run& run, std::string_view name) {
  const auto has = [&](const storage::ObjectInfo& file) { return file.key == name; };
  if (std::ranges::none_of(run.files, has)) return OrderedJson(nullptr);
  auto text = bucket.get(run.record_key + "/" + std::string(name));
  if (!text && text.error().code == "E150") return OrderedJson(nullptr);
  if (!text) return tl::unexpected(std::move(text).error());
  return ordered_document(*text);
}

Result<void> read_files(storage::Store& bucket, Run& run) {
  auto files = bucket.list(run.record_key);
  if (!files) return tl::unexpected(std::move(files).error());
  for (storage::ObjectInfo& file : *files) file.key.erase(0, run.record_key.size() + 1);
  run.files = *std::move(files);
  return {};
}

}  // namespace

const char* to_string(RunState state) {
  for (const auto& [known, name] : state_names) {
    if (known == state) return name;
  }
  return "";
}

std::optional<RunState> run_state(std::string_view name) {
  for (const auto& [state, known] : state_names) {
    if (known == name) return state;
  }
  return std::nullopt;
}

const Parameter* Run::parameter(std::string_view path) const {
  const auto found = std::ranges::find_if(
      parameters, [&](const Parameter& one) { return one.path == path || one.config + ":" + one.path == path; });
  return found == parameters.end() ? nullptr : &*found;
}

std::chrono::milliseconds Run::duration(WallTime now) const {
  if (state != RunState::open && !ended) return {};
  return ended.value_or(now) - started.value_or(created);
}

Result<Run> read_run(storage::Store& bucket, std::string_view record_key) {
  Run run;
  run.record_key = record_key;
  run.record_uri = bucket.uri(record_key);
  const std::string key = run.record_key + "/record.json";
  auto text = bucket.get(key);
  if (!text && text.error().code == "E150") return tl::unexpected(no_record(bucket, run.record_key));
  if (!text) return tl::unexpected(std::move(text).error());
  run.record = ordered_document(*text);
  if (!run.record.is_object()) return tl::unexpected(unknown_record(bucket, key, "it is no JSON object"));
  understand_record(run);
  if (run.schema != "smflow.run/1") {
    return tl::unexpected(unknown_record(bucket, key, "its schema is '" + run.schema + "'"));
  }
  if (run.name.empty()) return tl::unexpected(unknown_record(bucket, key, "it names no run"));
  if (auto files = read_files(bucket, run); !files) return tl::unexpected(std::move(files).error());
  for (const auto& [into, name] : {std::pair{&run.outcome, "outcome.json"}, {&run.submitted, "submitted.json"}}) {
    auto document = optional_document(bucket, run, name);
    if (!document) return tl::unexpected(std::move(document).error());
    *into = *std::move(document);
  }
  run.arn = text_at(run.submitted, {"arn"});
  understand_outcome(run);
  return run;
}

}  // namespace smflow::records
