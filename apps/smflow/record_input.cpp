#include "record_input.hpp"

#include <smflow/base/own_secrets.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::cli {

namespace {

OrderedJson overrides_json(const ConfigOptions& options) {
  OrderedJson overrides = OrderedJson::object();
  if (!options.set.empty()) overrides["sagemaker"] = options.set;
  if (!options.set_training.empty()) overrides["training"] = options.set_training;
  return overrides;
}

void add_changed(records::RecordInput& input, const config::Config& config) {
  const OrderedJson values = OrderedJson::parse(config::values_json(config, config::Origins::shown));
  for (const auto& [section, options] : values.items()) {
    for (const auto& [key, value] : options.items()) {
      const bool is_default = config.origin(section + "." + key).source == config::Origin::Source::standard;
      if (!is_default) input.origins[config.schema().name + ":" + section + "." + key] = value["origin"];
    }
  }
  for (const std::string& path : config::changed(config)) {
    const std::size_t dot = path.find('.');
    input.changed[config.schema().name + ":" + path] = values[path.substr(0, dot)][path.substr(dot + 1)]["value"];
  }
}

records::UserFile user_file(const plan::ConfigFile& file) {
  return {.name = file.path.filename().string(), .content = file.content, .original_path = file.path};
}

}  // namespace

records::RecordInput record_input(const Session& session, const ConfigOptions& options, const plan::JobConfigs& configs,
                                  const plan::RunPlan& plan) {
  records::RecordInput input;
  input.experiment = configs.options.s3.experiment_name;
  input.bucket_uri = plan.bucket_uri;
  input.sagemaker_config = user_file(configs.sagemaker_file);
  input.training_config = user_file(configs.training_file);
  input.channel_file_name = plan.channel_file;
  input.channel_file_content = configs.container_training_config();
  input.training_schema = configs.training_schema;
  input.effective_sagemaker = OrderedJson::parse(config::values_json(configs.sagemaker));
  input.effective_training =
      configs.training ? OrderedJson::parse(config::values_json(*configs.training)) : OrderedJson(nullptr);
  input.changed = OrderedJson::object();
  add_changed(input, configs.sagemaker);
  if (configs.training) add_changed(input, *configs.training);
  input.overrides = overrides_json(options);
  input.config_hash =
      config::identity_hash(configs.training ? *configs.training : configs.sagemaker, config::Scope::identity);
  input.argv = session.argv;
  input.own_secrets = own_aws_secrets();
  input.tool_version = SMFLOW_VERSION;
  return input;
}

void add_code(records::RecordInput& record, const plan::RunPlan& plan) {
  const auto results = storage::file_uri_path(plan.bucket_uri);
  record.source = records::read_source(std::filesystem::current_path(), results.value_or(std::filesystem::path()));
  if (plan.job.target != plan::Target::sagemaker) record.code_hash = records::code_hash(plan.job.local.code);
}

void add_data(records::RecordInput& record, const plan::RunPlan& plan, const engine::StoreOpener& open_store) {
  auto manifests = records::make_manifests(plan.job, open_store);
  if (manifests) {
    record.data = *std::move(manifests);
  } else {
    record.data_fault = manifests.error().message;
  }
}

}  // namespace smflow::cli
