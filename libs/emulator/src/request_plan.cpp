#include "request_plan.hpp"

#include "request_rules.hpp"

#include <smflow/base/files.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::emulator {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view scheme = "s3://";

class Planner {
 public:
  Planner(const Json& request, const Placement& placement) : request_(request), placement_(placement) {}

  tl::expected<plan::JobPlan, ServiceError> make() {
    machine();
    program();
    inputs();
    const Json& output = request_["OutputDataConfig"];
    plan_.output_uri = place(output["S3OutputPath"]);
    plan_.platform.compress_output = output.value("CompressionType", "GZIP") == "GZIP";
    if (request_.contains("CheckpointConfig")) {
      const Json& checkpoint = request_["CheckpointConfig"];
      const std::string usual = contract::Paths{}.checkpoints().string();
      plan_.checkpoint = plan::Checkpoint{place(checkpoint["S3Uri"]), checkpoint.value("LocalPath", usual)};
    }
    if (fault_) return tl::unexpected(*fault_);
    return std::move(plan_);
  }

 private:
  void machine() {
    const Json& resources = request_["ResourceConfig"];
    plan_.job_name = request_["TrainingJobName"];
    plan_.role_arn = request_["RoleArn"];
    plan_.instance_count = host_count(request_);
    const Json& group = resources.contains("InstanceType") ? resources : resources["InstanceGroups"][0];
    plan_.instance_type = group["InstanceType"];
    plan_.local = {.engine = plan::LocalEngine::process,
                   .code = placement_.code,
                   .code_is_given = !placement_.code.empty(),
                   .work_directory = placement_.work_directory};
    plan_.volume_size_gb = resources.value("VolumeSizeInGB", plan_.volume_size_gb);
    plan_.spot = request_.value("EnableManagedSpotTraining", false);
    plan_.platform.network_isolation = request_.value("EnableNetworkIsolation", false);
    const Json& stopping = request_["StoppingCondition"];
    plan_.max_run_time = std::chrono::seconds(stopping.value("MaxRuntimeInSeconds", std::int64_t{86400}));
    plan_.stop_grace = placement_.stop_grace;
  }

  void program() {
    const Json& algorithm = request_["AlgorithmSpecification"];
    plan_.image_uri = algorithm.value("TrainingImage", std::string());
    plan_.platform.image_is_full_uri = true;
    for (const Json& metric : algorithm.value("MetricDefinitions", Json::array())) {
      plan_.metric_definitions.push_back({metric["Name"], metric["Regex"]});
    }
    plan_.hyperparameters = request_.value("HyperParameters", plan_.hyperparameters);
    plan_.environment = request_.value("Environment", plan_.environment);
  }

  void inputs() {
    const std::string usual = request_["AlgorithmSpecification"]["TrainingInputMode"];
    for (const Json& channel : request_.value("InputDataConfig", Json::array())) {
      const Json& source = channel["DataSource"]["S3DataSource"];
      const std::string uri = source["S3Uri"];
      const bool sharded = source.value("S3DataDistributionType", std::string()) == "ShardedByS3Key";
      plan_.channels.push_back(
          {.name = channel["ChannelName"],
           .uri = place(uri),
           .input_mode = input_mode(channel.value("InputMode", usual)),
           .content_type = channel.value("ContentType", std::string()),
           .distribution = sharded ? plan::DataDistribution::ShardedByS3Key : plan::DataDistribution::FullyReplicated});
      require_objects(uri);
    }
  }

  static plan::InputMode input_mode(const std::string& name) {
    if (name == "Pipe") return plan::InputMode::Pipe;
    return name == "FastFile" ? plan::InputMode::FastFile : plan::InputMode::File;
  }

  std::string place(const std::string& uri) {
    if (placement_.s3_root.empty()) return uri;
    const auto path = s3_path(uri, placement_.s3_root);
    if (path) return "file://" + path->string();
    fault_ = fault_ ? fault_ : path.error();
    return uri;
  }

  void require_objects(const std::string& uri) {
    if (placement_.s3_root.empty() || fault_) return;
    const fs::path path = *s3_path(uri, placement_.s3_root);
    std::error_code failed;
    if (fs::is_regular_file(path, failed) || (fs::is_directory(path, failed) && !fs::is_empty(path, failed))) return;
    fault_ = validation_error("no S3 objects found under '" + uri + "', which is '" + path.string() +
                              "' on this machine; a prefix has to name a whole folder here");
  }

  const Json& request_;
  const Placement& placement_;
  plan::JobPlan plan_;
  std::optional<ServiceError> fault_;
};

}  // namespace

tl::expected<fs::path, ServiceError> s3_path(const std::string& uri, const fs::path& s3_root) {
  if (!uri.starts_with(scheme)) {
    return tl::unexpected(validation_error("smflow emulator: '" + uri + "' has to begin with s3://"));
  }
  std::string place = uri.substr(scheme.size());
  if (place.ends_with('/')) place.pop_back();
  if (!is_safe_relative_path(place)) {
    return tl::unexpected(
        validation_error("smflow emulator: '" + uri + "' has empty parts, '.' or '..', which a folder cannot have"));
  }
  return s3_root / place;
}

tl::expected<plan::JobPlan, ServiceError> plan_of(const Json& request, const Placement& placement) {
  return Planner(request, placement).make();
}

}  // namespace smflow::emulator
