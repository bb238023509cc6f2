#include "file_secrets.hpp"

#include <algorithm>
#include <set>

#include <smflow/base/files.hpp>
#include <smflow/base/own_secrets.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/plan/job_configs.hpp>

namespace smflow::plan {

namespace fs = std::filesystem;

namespace {

constexpr const char* config_file_option = "TRAINING.CONFIG_FILE";

fs::path absolute_path(const fs::path& path) {
  return fs::absolute(path).lexically_normal();
}

std::string text_value(const config::Config& config, const char* path) {
  return std::get<std::string>(config.value(path).data);
}

// Relative to the current folder or, when it is not there, to the folder of the file that names it.
std::optional<fs::path> find_training_file(const std::string& named, const fs::path& sagemaker_file) {
  const fs::path beside = sagemaker_file.parent_path() / named;
  for (const fs::path& candidate : {fs::path(named), beside}) {
    std::error_code failed;
    if (fs::exists(candidate, failed)) return candidate;
  }
  return std::nullopt;
}

std::vector<std::string> yaml_files_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".yaml" || extension == ".yml") names.push_back(entry.path().filename().string());
  }
  return names;
}

Error missing_training_file(const config::Config& sagemaker, const fs::path& sagemaker_file, const std::string& named) {
  const fs::path wanted(named);
  const fs::path folder = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  std::string near = nearest(wanted.filename().string(), yaml_files_of(folder));
  if (!near.empty()) near = "did you mean '" + (wanted.parent_path() / near).string() + "'?";
  const fs::path beside = sagemaker_file.has_parent_path() ? sagemaker_file.parent_path() : fs::path(".");
  return config::error_at(sagemaker, config_file_option, "E060",
                          "TRAINING.CONFIG_FILE: no such file '" + named + "' (looked in '" +
                              fs::current_path().string() + "' and '" + absolute_path(beside).string() + "')",
                          near);
}

void append(std::vector<Error>& all, const std::vector<Error>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

config::Config load_sagemaker(const ConfigRequest& request, const config::SchemaPtr& training_schema) {
  config::Sources sources{
      .files = {request.config_file}, .environment = request.environment, .assignments = request.set, .flag = "--set"};
  if (training_schema) sources.siblings = {training_schema};
  return config::load(config::schema_of<SagemakerConfig>(), sources);
}

config::Config load_training(const ConfigRequest& request, const config::SchemaPtr& schema, const fs::path& file) {
  return config::load(schema, {.files = {file},
                               .environment = request.environment,
                               .assignments = request.set_training,
                               .flag = "--set-training",
                               .siblings = {config::schema_of<SagemakerConfig>()}});
}

// Whether a config file could not be read, or not behind some place in it.
bool was_cut_short(const std::vector<Error>& errors) {
  static const std::set<std::string> codes = {"E010", "E011", "E013", "E014", "E015", "E019"};
  return std::any_of(errors.begin(), errors.end(), [](const Error& error) { return codes.count(error.code) != 0; });
}

Error no_schema_for_overrides(const fs::path& code) {
  return {.code = "E061",
          .exit = ExitCode::configuration,
          .message = "--set-training needs the training program's options, and '" +
                     (code / contract::config_schema_file).string() + "' is not there",
          .fix = "build the training program (cmake --build --preset release), or change the training config file"};
}

Error unchecked_training_config(const fs::path& code) {
  return {.code = "E061",
          .exit = ExitCode::configuration,
          .message = "the training config is passed on unchecked: '" + (code / contract::config_schema_file).string() +
                     "' is not there",
          .fix = "write it with the training program's --print-config-schema"};
}

ConfigFile read_config(const fs::path& file, std::vector<Error>& errors) {
  auto content = read_file(file);
  if (content) return {.path = file, .content = *std::move(content)};
  Error error = std::move(content).error();
  error.exit = ExitCode::configuration;
  errors.push_back(std::move(error));
  return {};
}

}  // namespace

std::string JobConfigs::container_training_config() const {
  return training ? config::effective_yaml(*training) : training_file.content;
}

namespace {

struct SchemaFile {
  std::string text;  // empty when there is no file
  config::SchemaPtr schema;
};

Result<SchemaFile> read_schema(const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed)) return SchemaFile{};
  auto text = read_file(file);
  if (!text) return tl::unexpected(std::move(text).error());
  return config::schema_from_json(*text, file.string()).map([&](config::SchemaPtr schema) {
    return SchemaFile{.text = *std::move(text), .schema = std::move(schema)};
  });
}

}  // namespace

Result<config::SchemaPtr> training_schema(const fs::path& code) {
  return read_schema(code / contract::config_schema_file).map([](SchemaFile file) { return std::move(file.schema); });
}

tl::expected<JobConfigs, ConfigErrors> load_job_configs(const ConfigRequest& request) {
  // LOCAL.CODE says where the training schema is, and the schema helps to explain errors of the file that holds
  // LOCAL.CODE. So the file is read once for the folder, and once for good.
  const std::string code_option = text_value(load_sagemaker(request, nullptr), "LOCAL.CODE");
  const fs::path code = absolute_path(code_option.empty() ? request.default_code : fs::path(code_option));
  auto schema = read_schema(request.training_schema.value_or(code / contract::config_schema_file));
  if (!schema) return tl::unexpected(ConfigErrors{std::move(schema).error()});

  config::Config sagemaker = load_sagemaker(request, schema->schema);
  ConfigErrors errors = sagemaker.errors();
  std::vector<Error> warnings = sagemaker.warnings();
  const std::string named = text_value(sagemaker, config_file_option);
  // A file that was not read to its end leaves the default name here, which the user may not mean.
  const bool written = sagemaker.origin(config_file_option).source != config::Origin::Source::standard;
  if (!written && was_cut_short(errors)) return tl::unexpected(std::move(errors));
  const auto training_path = find_training_file(named, request.config_file);
  std::optional<config::Config> training;
  if (!training_path) {
    errors.push_back(missing_training_file(sagemaker, request.config_file, named));
  } else if (schema->schema) {
    training = load_training(request, schema->schema, *training_path);
    append(errors, training->errors());
    append(warnings, training->warnings());
  } else if (!request.set_training.empty()) {
    errors.push_back(no_schema_for_overrides(code));
  } else {
    warnings.push_back(unchecked_training_config(code));
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));

  ConfigFile sagemaker_file = read_config(request.config_file, errors);
  ConfigFile training_file = read_config(*training_path, errors);
  const SagemakerConfig options = config::typed<SagemakerConfig>(sagemaker);
  const std::vector<std::string> own = own_aws_secrets(request.environment);
  for (const ConfigFile* file : {&sagemaker_file, &training_file}) {
    append(errors, secrets_in(*file, options.container.environment, own));
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return JobConfigs{.sagemaker = std::move(sagemaker),
                    .options = options,
                    .training = std::move(training),
                    .training_schema = std::move(schema->text),
                    .sagemaker_file = std::move(sagemaker_file),
                    .training_file = std::move(training_file),
                    .code = code,
                    .warnings = std::move(warnings)};
}

namespace {

fs::path built_or_installed(const fs::path& built, const fs::path& installed) {
  std::error_code failed;
  return fs::exists(built, failed) || !fs::exists(installed, failed) ? built : installed;
}

}  // namespace

fs::path built_code_folder(const fs::path& program_directory) {
  const fs::path root = program_directory.parent_path();
  return built_or_installed(root / "sagemaker_container", root / "libexec/smflow/sagemaker_container");
}

fs::path built_entrypoint(const fs::path& program_directory) {
  return built_or_installed(program_directory / "train", program_directory.parent_path() / "libexec/smflow/train");
}

}  // namespace smflow::plan
