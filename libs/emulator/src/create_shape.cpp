#include "patterns.hpp"
#include "training_shapes.hpp"

namespace smflow::emulator::shapes {

namespace {

Shape s3_uri() {
  return text(0, 1024, patterns::s3_uri);
}

Shape kms_key() {
  return text(0, 2048);
}

Shape input_mode() {
  return choice({"Pipe", "File", "FastFile"});
}

Shape instance_type() {
  return text(1, 64, patterns::instance_type);
}

Shape path() {
  return text(0, 4096);
}

Shape algorithm() {
  const Shape metric = structure(
      {required("Name", text(1, 255, patterns::not_empty)), required("Regex", text(1, 500, patterns::not_empty))});
  const Shape registry =
      structure({required("TrainingRepositoryAccessMode", choice({"Platform", "Vpc"})),
                 {"TrainingRepositoryAuthConfig",
                  structure({required("TrainingRepositoryCredentialsProviderArn", text(1, 2048))})}});
  return structure({{"TrainingImage", text(0, 255)},
                    {"AlgorithmName", text(1, 170)},
                    required("TrainingInputMode", input_mode()),
                    {"MetricDefinitions", list(metric, 0, 40)},
                    {"EnableSageMakerMetricsTimeSeries", boolean()},
                    {"ContainerEntrypoint", list(text(0, 256), 1, 100)},
                    {"ContainerArguments", list(text(0, 256), 1, 100)},
                    {"TrainingImageConfig", registry}});
}

Shape data_source() {
  const Shape s3 = structure({required("S3DataType", choice({"ManifestFile", "S3Prefix", "AugmentedManifestFile"})),
                              required("S3Uri", s3_uri()),
                              {"S3DataDistributionType", choice({"FullyReplicated", "ShardedByS3Key"})},
                              {"AttributeNames", list(text(1, 256, patterns::not_empty), 0, 16)},
                              {"InstanceGroupNames", list(text(1, 64, patterns::not_empty), 0, 5)}});
  const Shape file_system =
      structure({required("FileSystemId", text(11, 128, patterns::file_system_id)),
                 required("FileSystemAccessMode", choice({"rw", "ro"})),
                 required("FileSystemType", choice({"EFS", "FSxLustre"})), required("DirectoryPath", path())});
  return structure({{"S3DataSource", s3}, {"FileSystemDataSource", file_system}});
}

Shape channel() {
  return structure({required("ChannelName", text(1, 64, patterns::channel_name)),
                    required("DataSource", data_source()),
                    {"ContentType", text(0, 256)},
                    {"CompressionType", choice({"None", "Gzip"})},
                    {"RecordWrapperType", choice({"None", "RecordIO"})},
                    {"InputMode", input_mode()},
                    {"ShuffleConfig", structure({required("Seed", integer())})}});
}

Shape resources() {
  const Shape group = structure({required("InstanceType", instance_type()), required("InstanceCount", integer(0)),
                                 required("InstanceGroupName", text(1, 64, patterns::not_empty))});
  return structure({{"InstanceType", instance_type()},
                    {"InstanceCount", integer(0)},
                    {"VolumeSizeInGB", integer(0)},
                    {"VolumeKmsKeyId", kms_key()},
                    {"KeepAlivePeriodInSeconds", integer(0, 21600)},
                    {"InstanceGroups", list(group, 0, 5)},
                    {"TrainingPlanArn", text(50, 2048)}});
}

Shape rule() {
  return structure({required("RuleConfigurationName", text(1, 256)),
                    {"LocalPath", path()},
                    {"S3OutputPath", s3_uri()},
                    required("RuleEvaluatorImage", text(0, 255)),
                    {"InstanceType", instance_type()},
                    {"VolumeSizeInGB", integer(0)},
                    {"RuleParameters", map(text(1, 256), text(0, 256), 100)}});
}

Shape debug_hook() {
  const Shape parameters = map(text(1, 256), text(0, 256), 20);
  const Shape collection = structure({{"CollectionName", text(1, 256)}, {"CollectionParameters", parameters}});
  return structure({required("S3OutputPath", s3_uri()),
                    {"LocalPath", path()},
                    {"HookParameters", parameters},
                    {"CollectionConfigurations", list(collection, 0, 20)}});
}

Shape profiler() {
  return structure({{"S3OutputPath", s3_uri()},
                    {"ProfilingIntervalInMilliseconds", integer()},
                    {"ProfilingParameters", map(text(1, 256), text(0, 256), 20)},
                    {"DisableProfiler", boolean()}});
}

Shape experiment() {
  const Shape name = text(1, 120);
  return structure(
      {{"ExperimentName", name}, {"TrialName", name}, {"TrialComponentDisplayName", name}, {"RunName", name}});
}

Shape whole_request() {
  const Shape network = list(text(0, 32, patterns::network_id), 1, 16);
  const Shape security = list(text(0, 32, patterns::network_id), 1, 5);
  const Shape tag = structure(
      {required("Key", text(1, 128, patterns::tag_text)), required("Value", text(0, 256, patterns::tag_text))});
  return structure({
      required("TrainingJobName", text(1, 63, patterns::job_name)),
      required("RoleArn", text(20, 2048, patterns::role_arn)),
      required("AlgorithmSpecification", algorithm()),
      {"HyperParameters", map(text(0, 256), text(0, 2500), 100)},
      {"Environment", map(text(0, 512, patterns::environment_key), text(0, 512), 100)},
      {"InputDataConfig", list(channel(), 1, 20)},
      required("OutputDataConfig", structure({required("S3OutputPath", s3_uri()),
                                              {"KmsKeyId", kms_key()},
                                              {"CompressionType", choice({"GZIP", "NONE"})}})),
      required("ResourceConfig", resources()),
      required("StoppingCondition", structure({{"MaxRuntimeInSeconds", integer(1)},
                                               {"MaxWaitTimeInSeconds", integer(1)},
                                               {"MaxPendingTimeInSeconds", integer(7200, 2419200)}})),
      {"VpcConfig", structure({required("SecurityGroupIds", security), required("Subnets", network)})},
      {"Tags", list(tag, 0, 50)},
      {"EnableNetworkIsolation", boolean()},
      {"EnableInterContainerTrafficEncryption", boolean()},
      {"EnableManagedSpotTraining", boolean()},
      {"CheckpointConfig", structure({required("S3Uri", s3_uri()), {"LocalPath", path()}})},
      {"DebugHookConfig", debug_hook()},
      {"DebugRuleConfigurations", list(rule(), 0, 20)},
      {"ProfilerRuleConfigurations", list(rule(), 0, 20)},
      {"ProfilerConfig", profiler()},
      {"TensorBoardOutputConfig", structure({required("S3OutputPath", s3_uri()), {"LocalPath", path()}})},
      {"ExperimentConfig", experiment()},
      {"RetryStrategy", structure({required("MaximumRetryAttempts", integer(1, 30))})},
      {"RemoteDebugConfig", structure({{"EnableRemoteDebug", boolean()}})},
      {"InfraCheckConfig", structure({{"EnableInfraCheck", boolean()}})},
      {"SessionChainingConfig", structure({{"EnableSessionTagChaining", boolean()}})},
  });
}

}  // namespace

const Shape& create_training_job() {
  static const Shape shape = whole_request();
  return shape;
}

}  // namespace smflow::emulator::shapes
