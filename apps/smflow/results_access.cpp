#include "results_access.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/config.hpp>
#include <smflow/plan/make_plan.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* usual_config = "configs/sagemaker_config.yaml";
constexpr const char* bucket_option = "S3.SAGEMAKER_RESULTS_BUCKET";

std::string bucket_of_config(const std::string& file) {
  const config::Config config = config::load(config::schema_of<plan::SagemakerConfig>(), {.files = {file}});
  // A mistake elsewhere in the file does not matter here; one that hides the bucket does.
  const bool said = config.origin(bucket_option).source != config::Origin::Source::standard;
  if (!config.errors().empty() && !said) throw CommandFailure(config.errors());
  return std::get<std::string>(config.value(bucket_option).data);
}

std::string results_place(const PlaceOptions& options) {
  if (!options.bucket.empty()) return options.bucket;
  if (const auto bucket = environment_variable("SMFLOW_BUCKET"); bucket && !bucket->empty()) return *bucket;
  if (!options.config.empty()) return bucket_of_config(options.config);
  std::error_code failed;
  return fs::exists(usual_config, failed) ? bucket_of_config(usual_config) : "file://runs";
}

}  // namespace

void add_place_options(CLI::App& command, PlaceOptions& options) {
  command
      .add_option(
          "-b,--bucket", options.bucket,
          "The results bucket: its name, or file:// and a folder; by default SMFLOW_BUCKET, or that of the config")
      ->type_name("PLACE");
  command.add_option("-c,--config", options.config, "The SageMaker config file that names the bucket")
      ->type_name("FILE");
}

std::string results_uri(const PlaceOptions& options) {
  std::string uri = plan::location_uri(results_place(options));
  while (uri.ends_with('/')) uri.pop_back();
  return uri;
}

fs::path index_cache_folder() {
  return user_cache_directory() / "runs";
}

Results::Results(Session& session, std::string uri, engine::StoreOpener open_store, NetworkQuestions network)
    : session_(session),
      uri_(std::move(uri)),
      open_store_(std::move(open_store)),
      network_(std::move(network)),
      bucket_(value_or_throw(open_store_(uri_))) {}

records::RunIndex Results::open_index() {
  constexpr std::size_t worth_telling = 200;
  Screen screen = session_.screen();
  auto index = records::RunIndex::open(
      *bucket_,
      {.cache = index_cache_folder(), .now = SystemClock().now(), .progress = [&](std::size_t done, std::size_t total) {
         if (total < worth_telling) return;
         screen.live("reading runs that are new here: " + std::to_string(done) + " of " + std::to_string(total));
       }});
  screen.clear_live();
  return value_or_throw(std::move(index));
}

const records::RunIndex& Results::index() {
  if (index_) return *index_;
  index_ = open_index();
  if (!network_.complete) return *index_;
  std::vector<const records::RunSummary*> open;
  for (const records::RunSummary& run : index_->runs()) {
    if (run.state == records::RunState::open && run.mode == "sagemaker") open.push_back(&run);
  }
  if (!open.empty() && network_.complete(*bucket_, open)) index_ = open_index();
  return *index_;
}

const records::RunSummary& Results::find(const std::string& name) {
  return *value_or_throw(index().find(name));
}

records::Run Results::read(const std::string& name) {
  const records::RunSummary& found = find(name);
  auto run = records::read_run(*bucket_, found.record_key);
  if (run) return *std::move(run);
  Error error = std::move(run).error();
  if (error.code == "E370") error.fix = "smflow runs rm " + found.name + " --yes removes what is left of it";
  throw CommandFailure(std::move(error));
}

}  // namespace smflow::cli
