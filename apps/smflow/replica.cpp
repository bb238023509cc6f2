#include "replica.hpp"

#include "record_input.hpp"

#include <algorithm>
#include <set>

#include <smflow/base/files.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view redacted = "[redacted:";
constexpr const char* config_file_path = "TRAINING.CONFIG_FILE";

// Where things are is the replica's own.
bool is_place(const std::string& path) {
  static const std::set<std::string> places = {config_file_path,   "LOCAL.CODE",       "LOCAL.WORK_DIR",
                                               "S3.TRAINING_DATA", "SAGEMAKER.REGION", "S3.SAGEMAKER_RESULTS_BUCKET"};
  return places.contains(path);
}

std::string assignment(const std::string& path, const OrderedJson& value) {
  const std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  return path + "=" + text;
}

OrderedJson at(const OrderedJson& json, std::initializer_list<const char*> path) {
  OrderedJson value = json;
  for (const char* name : path) {
    if (!value.is_object() || !value.contains(name)) return nullptr;
    value = OrderedJson(value[name]);
  }
  return value;
}

std::string text(const OrderedJson& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

Error damaged(const std::string& what) {
  return {.code = "E374",
          .exit = ExitCode::conflict,
          .message = "the record's " + what + " is not the file that was recorded",
          .fix = "somebody has changed the bucket; restore the file, or start from your own configs"};
}

Error lost_secret(const std::string& path) {
  return {.code = "E375",
          .exit = ExitCode::configuration,
          .message = "the value of " + path + " was a secret, and is not in the record",
          .fix = "give it again: --set " + path + "=..."};
}

// One of the files of "configs", as it was, in a folder of its own.
fs::path fetch(const records::Run& run, Results& results, const char* which, const fs::path& folder) {
  const OrderedJson reference = at(run.record, {"configs", which});
  const std::string key = text(at(reference, {"key"}));
  const std::string content = value_or_throw(results.bucket().get(run.record_key + "/" + key));
  if (sha256_hex(content) != text(at(reference, {"sha256"})))
    throw CommandFailure(damaged(std::string(which) + " config"));
  const fs::path original = text(at(reference, {"original_path"}));
  fs::path file = folder / which / (original.has_filename() ? original.filename() : fs::path(key).filename());
  value_or_throw(write_file(file, content));
  return file;
}

// The schema that the run's own program had, whatever the caller has built; none in older records, for which the built
// one must do.
std::optional<fs::path> fetch_schema(const records::Run& run, Results& results, const fs::path& folder) {
  const OrderedJson configs = at(run.record, {"configs"});
  if (!configs.is_object() || !configs.contains("schema")) return std::nullopt;
  return configs["schema"].is_null() ? fs::path() : fetch(run, results, "schema", folder);
}

// A tag may name another image tomorrow. Empty where the run's registry or digest is not known.
std::string image_by_digest(const records::Run& run) {
  const std::string& uri = run.image_uri;
  const bool has_registry = uri.substr(0, uri.find('/')).find_first_of(".:") != std::string::npos;
  if (run.mode != "sagemaker" || run.image_digest.empty() || !has_registry) return {};
  const std::string name = uri.substr(0, uri.find('@'));
  return name.substr(0, name.find(':', name.rfind('/'))) + "@" + run.image_digest;
}

class Replica {
 public:
  Replica(const records::Run& run, Results& results, const ReplicaOptions& options, const fs::path& scratch)
      : run_(run), results_(results), options_(options) {
    sagemaker_file_ = fetch(run, results, "sagemaker", scratch);
    training_file_ = fetch(run, results, "training", scratch);
    schema_file_ = fetch_schema(run, results, scratch);
    recorded_.set = strings(at(run.record, {"invocation", "overrides", "sagemaker"}));
    recorded_.set_training = strings(at(run.record, {"invocation", "overrides", "training"}));
    drop_secrets(recorded_.set, options.set);
    drop_secrets(recorded_.set_training, options.set_training);
  }

  // The files and the command line give the options that were in force, unless a default has changed since, or a
  // variable of the environment had a say: what is missing then is set.
  plan::JobConfigs load() {
    auto first = plan::load_job_configs(request({}, {}));
    std::vector<std::string> pins = pins_for("sagemaker", first ? &first->sagemaker : nullptr);
    std::vector<std::string> training_pins;
    if (!first || first->training) training_pins = pins_for("training", first ? &*first->training : nullptr);
    auto configs = plan::load_job_configs(request(std::move(pins), std::move(training_pins)));
    if (!configs) throw CommandFailure(std::move(configs).error());
    configs->sagemaker_file.path = text(at(run_.record, {"configs", "sagemaker", "original_path"}));
    configs->training_file.path = text(at(run_.record, {"configs", "training", "original_path"}));
    return *std::move(configs);
  }

  ConfigOptions overrides() const {
    ConfigOptions all = recorded_;
    all.set_training.insert(all.set_training.end(), options_.set_training.begin(), options_.set_training.end());
    for (const auto& more : {here(), options_.set}) all.set.insert(all.set.end(), more.begin(), more.end());
    return all;
  }

 private:
  static std::vector<std::string> strings(const OrderedJson& list) {
    std::vector<std::string> all;
    if (!list.is_array()) return all;
    for (const OrderedJson& one : list) all.push_back(text(one));
    return all;
  }

  static void drop_secrets(std::vector<std::string>& assignments, const std::vector<std::string>& given) {
    std::erase_if(assignments, [&](const std::string& one) {
      if (one.find(redacted) == std::string::npos) return false;
      const std::string path = one.substr(0, one.find('='));
      const bool again =
          std::ranges::any_of(given, [&](const std::string& has) { return has.starts_with(path + "="); });
      if (!again) throw CommandFailure(lost_secret(path));
      return true;
    });
  }

  std::vector<std::string> pins_for(const std::string& config, const config::Config* now) const {
    const OrderedJson values = now == nullptr ? OrderedJson() : OrderedJson::parse(config::values_json(*now));
    std::vector<std::string> pins;
    for (const records::Parameter& one : run_.parameters) {
      if (one.config != config || is_place(one.path)) continue;
      const std::size_t dot = one.path.find('.');
      const OrderedJson has = at(values, {one.path.substr(0, dot).c_str(), one.path.substr(dot + 1).c_str()});
      const std::string pin = assignment(one.path, one.value);
      if (has != one.value && pin.find(redacted) == std::string::npos) pins.push_back(pin);
    }
    return pins;
  }

  std::vector<std::string> places() const {
    std::string bucket = results_.uri();
    if (bucket.starts_with("s3://")) bucket = bucket.substr(5);
    std::error_code failed;
    const bool has_code = !run_.code_path.empty() && fs::is_directory(run_.code_path, failed);
    std::vector<std::string> set = {"S3.SAGEMAKER_RESULTS_BUCKET=" + bucket,
                                    std::string(config_file_path) + "=" + training_file_.string(),
                                    "LOCAL.CODE=" + (has_code ? run_.code_path : std::string()), "LOCAL.WORK_DIR="};
    if (run_.mode == "container" || run_.mode == "process") set.emplace_back("LOCAL.ENGINE=" + run_.mode);
    if (!run_.region.empty()) set.emplace_back("SAGEMAKER.REGION=" + run_.region);
    if (const std::string image = image_by_digest(run_); !image.empty()) set.emplace_back("ECR.IMAGE_URI=" + image);
    for (const records::DataState& data : run_.data) {
      if (data.channel == "traindata") set.push_back("S3.TRAINING_DATA=" + data.uri);
    }
    return set;
  }

  // What ran in an image runs in it here.
  std::vector<std::string> here() const {
    if (!options_.here) return {};
    return {"SAGEMAKER.INSTANCE_TYPE=local",
            std::string("LOCAL.ENGINE=") + (run_.mode == "process" ? "process" : "container")};
  }

  plan::ConfigRequest request(std::vector<std::string> pins, std::vector<std::string> training_pins) const {
    plan::ConfigRequest request{.config_file = sagemaker_file_,
                                .set = recorded_.set,
                                .set_training = recorded_.set_training,
                                .default_code = plan::built_code_folder(program_directory()),
                                .training_schema = schema_file_,
                                .environment = [](const char*) { return std::nullopt; }};
    for (const auto& more : {std::move(pins), places(), here(), options_.set}) {
      request.set.insert(request.set.end(), more.begin(), more.end());
    }
    for (const auto& more : {std::move(training_pins), options_.set_training}) {
      request.set_training.insert(request.set_training.end(), more.begin(), more.end());
    }
    return request;
  }

  const records::Run& run_;
  Results& results_;
  const ReplicaOptions& options_;
  fs::path sagemaker_file_;
  fs::path training_file_;
  std::optional<fs::path> schema_file_;
  ConfigOptions recorded_;
};

// The record of a replica names the files that people have, not where they lay for a moment.
void name_original_files(records::RecordInput& record, const records::Run& run, const std::string& scratch) {
  const records::Parameter* file = run.parameter(std::string("sagemaker:") + config_file_path);
  if (file != nullptr) {
    record.effective_sagemaker["TRAINING"]["CONFIG_FILE"] = file->value;
    const std::string name = std::string("sagemaker:") + config_file_path;
    if (record.changed.contains(name)) record.changed[name] = file->value;
  }
  for (auto& [name, origin] : record.origins.items()) {
    std::string words = text(origin);
    if (const std::size_t found = words.find(scratch); found != std::string::npos) {
      words.replace(found, scratch.size(), run.name);
      origin = words;
    }
  }
}

Error drift(const std::string& what, const std::string& recorded, const std::string& found) {
  return {.code = "E374",
          .exit = ExitCode::conflict,
          .message = what + " is not as it was: recorded " + recorded + ", found " + found,
          .fix = "--allow-drift starts the job all the same"};
}

void add_data_drift(const records::Run& run, const PlannedRun& replica, Results& results, std::vector<Error>& drifts) {
  for (const plan::Channel& channel : replica.plan.job.channels) {
    const auto before = std::ranges::find(run.data, channel.name, &records::DataState::channel);
    if (before == run.data.end()) continue;
    const auto now = records::make_manifest(channel, results.open_store());
    const std::string label = "the data of " + channel.name;
    if (!now) {
      drifts.push_back(drift(label, before->hash.substr(0, 12), "nothing: " + now.error().message));
    } else if (now->state.hash != before->hash) {
      const auto lines = results.bucket().get(before->manifest, 1ull << 30);
      const std::string change = lines ? " (" + records::manifest_difference(*lines, now->lines) + ")" : std::string();
      drifts.push_back(drift(label, before->hash.substr(0, 12), now->state.hash.substr(0, 12) + change));
    }
  }
}

}  // namespace

PlannedRun replica_of(Session& session, const records::Run& run, Results& results, const ReplicaOptions& options) {
  const auto scratch = TemporaryDirectory::create(fs::temp_directory_path(), "smflow-replica-");
  if (!scratch) throw CommandFailure(scratch.error());
  Replica replica(run, results, options, scratch->path());
  plan::JobConfigs configs = replica.load();
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  records::RecordInput record = record_input(session, replica.overrides(), configs, *plan);
  record.parent = run.name;
  name_original_files(record, run, scratch->path().string());
  return {.configs = std::move(configs), .plan = *std::move(plan), .record = std::move(record)};
}

std::vector<Error> drifts_of(const records::Run& run, const PlannedRun& replica, Results& results) {
  std::vector<Error> drifts;
  const plan::JobPlan& job = replica.plan.job;
  const bool on_sagemaker = job.target == plan::Target::sagemaker;
  const bool in_process = !on_sagemaker && job.local.engine == plan::LocalEngine::process;
  if (in_process != (run.mode == "process")) {
    const auto words = [](bool process, const std::string& code, const std::string& image) {
      return process ? "'" + code + "'" : "that of image '" + image + "'";
    };
    drifts.push_back(drift("the program", words(!in_process, run.code_path, run.image_uri),
                           words(in_process, job.local.code.string(), job.image_uri)));
  }
  // A registry's digest and an engine's id say nothing of each other.
  const bool same_kind = run.mode == (on_sagemaker ? "sagemaker" : "container") && results.network().image_digest;
  if (same_kind && !run.image_digest.empty()) {
    const std::string digest = results.network().image_digest(job);
    if (digest != run.image_digest) {
      drifts.push_back(drift("image '" + job.image_uri + "'", run.image_digest, digest.empty() ? "none" : digest));
    }
  }
  if (!on_sagemaker && !run.code_hash.empty() && in_process == (run.mode == "process")) {
    const std::string hash = records::code_hash(job.local.code);
    if (hash != run.code_hash) {
      drifts.push_back(drift("the program in '" + job.local.code.string() + "'", run.code_hash.substr(0, 12),
                             hash.empty() ? "none" : hash.substr(0, 12)));
    }
  }
  add_data_drift(run, replica, results, drifts);
  return drifts;
}

std::string checkout_note(const records::Run& run) {
  if (run.source.commit.empty()) return "the record names no commit";
  const records::SourceState here = records::read_source(fs::current_path()).state;
  if (here.commit.empty() || (here.commit == run.source.commit && here.tree == run.source.tree)) return {};
  const auto words = [](const records::SourceState& state) {
    return state.commit.substr(0, 12) + (state.dirty ? " with changes" : "");
  };
  return "this folder is at " + words(here) + ", the run was at " + words(run.source);
}

}  // namespace smflow::cli
