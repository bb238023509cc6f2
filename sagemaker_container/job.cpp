#include "job.hpp"

#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/config.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::gan {

namespace fs = std::filesystem;

namespace {

Error refuse(std::string message, std::string fix) {
  return {.code = "E339", .exit = ExitCode::configuration, .message = std::move(message), .fix = std::move(fix)};
}

Result<fs::path> config_file(const Arguments& arguments, const training::Environment& environment) {
  if (!arguments.config.empty()) return arguments.config;
  if (arguments.train_cfg_filename.empty()) {
    return tl::unexpected(refuse("no training config was given", "add --config FILE"));
  }
  if (!is_safe_relative_path(arguments.train_cfg_filename)) {
    return tl::unexpected(refuse(
        fmt::format("'{}' is not the name of a file in the channel 'config'", printable(arguments.train_cfg_filename)),
        "give the file's name without a folder"));
  }
  const auto channel = environment.channel("config");
  if (!channel) return tl::unexpected(channel.error());
  return *channel / arguments.train_cfg_filename;
}

Result<fs::path> data_folder(const Arguments& arguments, const training::Environment& environment,
                             const std::string& data_dir) {
  if (fs::path(data_dir).is_absolute()) return fs::path(data_dir);
  if (!arguments.data.empty()) return arguments.data / data_dir;
  const auto channel = environment.channel("traindata");
  if (!channel) return tl::unexpected(channel.error());
  return data_dir.empty() ? *channel : *channel / data_dir;
}

Result<void> set_outputs(Job& job, const Arguments& arguments, const training::Environment& environment) {
  const fs::path& out = arguments.out;
  job.model = !out.empty() ? out / "model" : environment.model_dir;
  job.output_data = !out.empty() ? out / "output" : environment.output_data_dir;
  job.checkpoints = !arguments.output_dir.empty() ? arguments.output_dir
                    : out.empty()                 ? fs::path{}
                                                  : out / "checkpoints";
  if (job.model.empty() || job.output_data.empty() || job.checkpoints.empty()) {
    return tl::unexpected(refuse("no place for the results was given", "add --out FOLDER"));
  }
  job.metrics_file =
      !environment.metrics_file.empty() ? environment.metrics_file : job.output_data / "metrics/metrics.jsonl";
  return {};
}

// A longer training may continue a shorter one, so the number of epochs is left out.
std::string continuation_text(const config::Config& config) {
  std::string text;
  for (const std::string& line : split(config::canonical_text(config, config::Scope::identity), '\n')) {
    if (!line.starts_with("TRAINING.NUM_EPOCHS=")) text.append(line).push_back('\n');
  }
  return text;
}

}  // namespace

tl::expected<Job, std::vector<Error>> make_job(const Arguments& arguments, const training::Environment& environment) {
  const auto fail = [](Error error) { return tl::unexpected(std::vector<Error>{std::move(error)}); };
  const auto file = config_file(arguments, environment);
  if (!file) return fail(file.error());
  const config::Config config =
      config::load(config::schema_of<TrainingConfig>(), {.files = {*file}, .assignments = arguments.assignments});
  if (!config.errors().empty()) return tl::unexpected(config.errors());

  Job job{.config = config::typed<TrainingConfig>(config),
          .configuration = continuation_text(config),
          .warnings = config.warnings(),
          .host = environment.current_host,
          .data_is_a_part = environment.sharded_channels.contains("traindata")};
  const auto data = data_folder(arguments, environment, job.config.dataloader.data_dir);
  if (!data) return fail(data.error());
  job.data = *data;
  if (auto done = set_outputs(job, arguments, environment); !done) return fail(done.error());
  return job;
}

}  // namespace smflow::gan
