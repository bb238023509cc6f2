#include "data_content.hpp"
#include "findings.hpp"
#include "instance_type.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "data";
constexpr const char* option = "S3.TRAINING_DATA";
constexpr double gibibyte = 1024.0 * 1024 * 1024;

class DataCheck {
 public:
  DataCheck(const Subject& subject, const plan::Channel& channel) : plan_(subject.plan), channel_(channel) {}

  Findings judge(const DataContent& content) {
    if (content.objects == 0 && content.complete) return {empty()};
    if (!content.sibling.empty()) siblings(content.sibling);
    if (!content.unusable.empty()) unusable(content.unusable);
    if (cuts_a_folder_name()) cut_folder();
    if (has_idle_machines(content)) idle_machines(content);
    if (size_on_disk(content) > plan_.volume_size_gb * gibibyte) too_large(content);
    if (findings_.empty()) findings_.push_back(passed(check, summary(content)));
    return std::move(findings_);
  }

 private:
  std::string summary(const DataContent& content) const {
    return fmt::format("{}{}, {}, at {}", content.complete ? "" : "more than ", counted(content.objects, "object"),
                       format_bytes(content.bytes), channel_.uri);
  }

  Finding empty() const {
    return failed(check,
                  {.code = "E215",
                   .exit = ExitCode::not_found,
                   .message = fmt::format("there are no objects at '{}'", channel_.uri),
                   .fix = "correct the prefix, or upload the data: aws s3 sync FOLDER " + channel_.uri},
                  option);
  }

  void siblings(const std::string& key) {
    findings_.push_back(warned(
        check, "E216",
        fmt::format("'{}' also means '{}': SageMaker takes every key that begins so", channel_.uri, printable(key)),
        "end it with '/' to mean the folder", option));
  }

  void unusable(const std::string& key) {
    findings_.push_back(warned(check, "E217", fmt::format("the key '{}' has an empty part", printable(key)),
                               "File mode cannot make a file of it: rename the object", option));
  }

  // Contract of FastFile: the prefix is mounted as a folder.
  bool cuts_a_folder_name() const {
    const std::string prefix = location_of(channel_.uri).prefix;
    return channel_.input_mode == plan::InputMode::FastFile && !prefix.empty() && !prefix.ends_with('/');
  }

  void cut_folder() {
    findings_.push_back(warned(check, "E239",
                               fmt::format("FastFile mounts folders, and '{}' does not end with '/'", channel_.uri),
                               "end it with '/'", option));
  }

  bool has_idle_machines(const DataContent& content) const {
    const bool sharded = channel_.distribution == plan::DataDistribution::ShardedByS3Key;
    return sharded && content.complete && content.objects < static_cast<std::size_t>(plan_.instance_count);
  }

  void idle_machines(const DataContent& content) {
    findings_.push_back(warned(check, "E240",
                               fmt::format("ShardedByS3Key shares {} out among {} machines: some get none",
                                           counted(content.objects, "object"), plan_.instance_count),
                               "use fewer machines, more objects, or FullyReplicated", "S3.DATA_DISTRIBUTION"));
  }

  // What each machine has to hold; 0 when nothing is copied to a volume.
  double size_on_disk(const DataContent& content) const {
    if (channel_.input_mode != plan::InputMode::File || has_own_disk(plan_.instance_type)) return 0;
    const bool sharded = channel_.distribution == plan::DataDistribution::ShardedByS3Key;
    return sharded ? content.bytes / plan_.instance_count : content.bytes;
  }

  void too_large(const DataContent& content) {
    const int needed = static_cast<int>(std::min(size_on_disk(content) / gibibyte * 1.2 + 10, 16384.0));
    findings_.push_back(failed(check,
                               {.code = "E218",
                                .exit = ExitCode::configuration,
                                .message = fmt::format("the data does not fit on the disk of {} GB: {}",
                                                       plan_.volume_size_gb, summary(content)),
                                .fix = fmt::format("VOLUME_SIZE_GB: {}; or S3.INPUT_MODE: FastFile", needed)},
                               "SAGEMAKER.VOLUME_SIZE_GB"));
  }

  const plan::JobPlan& plan_;
  const plan::Channel& channel_;
  Findings findings_;
};

Finding double_slash(const std::string& uri) {
  return failed(check,
                {.code = "E217",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("'{}' has an empty part between two slashes", uri),
                 .fix = "write single slashes"},
                option);
}

}  // namespace

Findings check_data(const Subject& subject) {
  const auto& channels = subject.plan.channels;
  const auto data =
      std::find_if(channels.begin(), channels.end(), [](const auto& one) { return one.name == "traindata"; });
  if (data == channels.end()) return {};
  const S3Location place = location_of(data->uri);
  if (place.prefix.starts_with('/') || place.prefix.find("//") != std::string::npos) {
    return {double_slash(data->uri)};
  }
  if (auto fault = bucket_fault(subject, check, option, place.bucket)) return {*std::move(fault)};
  const auto content = read_content(subject.services, place);
  if (content) return DataCheck(subject, *data).judge(*content);
  return {not_checked(check, content.error(), "s3:ListBucket")};
}

}  // namespace smflow::preflight
