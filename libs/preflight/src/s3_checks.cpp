#include "checks.hpp"
#include "findings.hpp"
#include "instance_type.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* data_option = "S3.TRAINING_DATA";
constexpr const char* bucket_option = "S3.SAGEMAKER_RESULTS_BUCKET";
constexpr int most_pages = 10;
constexpr double gibibyte = 1024.0 * 1024 * 1024;

struct S3Location {
  std::string bucket;
  std::string prefix;
};

S3Location location_of(std::string_view uri) {
  uri.remove_prefix(std::string_view("s3://").size());
  const std::size_t slash = std::min(uri.find('/'), uri.size());
  return {std::string(uri.substr(0, slash)), std::string(uri.substr(std::min(slash + 1, uri.size())))};
}

Finding no_bucket(const char* check, const char* option, const std::string& bucket) {
  return failed(check,
                {.code = "E213",
                 .exit = ExitCode::not_found,
                 .message = fmt::format("there is no bucket '{}'", bucket),
                 .fix = "correct its name; aws s3 ls shows those you have"},
                option);
}

Finding other_region(const char* check, const char* option, const std::string& bucket, const std::string& has,
                     const std::string& needs) {
  return failed(check,
                {.code = "E214",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("bucket '{}' is in {}, and the job in {}", bucket, printable(has), needs),
                 .fix = "SageMaker needs the same region: set SAGEMAKER.REGION, or take another bucket"},
                option);
}

// What is wrong with a bucket; none when nothing is.
std::optional<Finding> bucket_fault(const Subject& subject, const char* check, const char* option,
                                    const std::string& bucket) {
  const auto region = subject.services.bucket_region(bucket);
  if (region && *region == subject.services.region()) return std::nullopt;
  if (region) return other_region(check, option, bucket, *region, subject.services.region());
  if (region.error().kind == aws::AwsError::Kind::not_found) return no_bucket(check, option, bucket);
  return not_checked(check, region.error(), "s3:ListBucket");
}

// What the pages of a listing add up to.
struct Content {
  std::size_t objects = 0;
  double bytes = 0;
  bool complete = false;
  std::string sibling = {};   // a key that begins with the prefix but is not below it
  std::string unusable = {};  // a key that cannot be a file's path
};

void add(Content& content, const aws::ObjectSummary& object, const std::string& prefix) {
  const bool folder_mark = object.size == 0 && object.key.ends_with('/');
  if (folder_mark) return;
  ++content.objects;
  content.bytes += static_cast<double>(object.size);
  const bool below =
      prefix.empty() || prefix.ends_with('/') || object.key.size() == prefix.size() || object.key[prefix.size()] == '/';
  if (!below && content.sibling.empty()) content.sibling = object.key;
  if (object.key.find("//") != std::string::npos && content.unusable.empty()) content.unusable = object.key;
}

aws::Outcome<Content> read_content(Services& services, const S3Location& place) {
  Content content;
  std::string token;
  for (int number = 0; number < most_pages && !content.complete; ++number) {
    auto page = services.objects({.bucket = place.bucket, .prefix = place.prefix, .token = token});
    if (!page) return tl::unexpected(std::move(page).error());
    for (const aws::ObjectSummary& object : page->objects) {
      if (object.key.starts_with(place.prefix)) add(content, object, place.prefix);
    }
    token = page->next_token;
    content.complete = token.empty();
  }
  return content;
}

class DataCheck {
 public:
  DataCheck(const Subject& subject, const plan::Channel& channel) : plan_(subject.plan), channel_(channel) {}

  Findings judge(const Content& content) {
    if (content.objects == 0 && content.complete) return {empty()};
    if (!content.sibling.empty()) siblings(content.sibling);
    if (!content.unusable.empty()) unusable(content.unusable);
    if (size_on_disk(content) > plan_.volume_size_gb * gibibyte) too_large(content);
    if (findings_.empty()) findings_.push_back(passed(check, summary(content)));
    return std::move(findings_);
  }

  static constexpr const char* check = "data";

 private:
  std::string summary(const Content& content) const {
    return fmt::format("{}{}, {}, at {}", content.complete ? "" : "more than ", counted(content.objects, "object"),
                       format_bytes(content.bytes), channel_.uri);
  }

  Finding empty() const {
    return failed(check,
                  {.code = "E215",
                   .exit = ExitCode::not_found,
                   .message = fmt::format("there are no objects at '{}'", channel_.uri),
                   .fix = "correct the prefix, or upload the data: aws s3 sync FOLDER " + channel_.uri},
                  data_option);
  }

  void siblings(const std::string& key) {
    findings_.push_back(warned(
        check, "E216",
        fmt::format("'{}' also means '{}': SageMaker takes every key that begins so", channel_.uri, printable(key)),
        "end it with '/' to mean the folder", data_option));
  }

  void unusable(const std::string& key) {
    findings_.push_back(warned(check, "E217", fmt::format("the key '{}' has an empty part", printable(key)),
                               "File mode cannot make a file of it: rename the object", data_option));
  }

  // What each machine has to hold; 0 when nothing is copied to a volume.
  double size_on_disk(const Content& content) const {
    if (channel_.input_mode != plan::InputMode::File || has_own_disk(plan_.instance_type)) return 0;
    const bool sharded = channel_.distribution == plan::DataDistribution::ShardedByS3Key;
    return sharded ? content.bytes / plan_.instance_count : content.bytes;
  }

  void too_large(const Content& content) {
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

Finding double_slash(const char* check, const std::string& uri) {
  return failed(check,
                {.code = "E217",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("'{}' has an empty part between two slashes", uri),
                 .fix = "write single slashes"},
                data_option);
}

}  // namespace

Findings check_results_bucket(const Subject& subject) {
  constexpr const char* check = "results bucket";
  const S3Location place = location_of(subject.plan.output_uri);
  if (auto fault = bucket_fault(subject, check, bucket_option, place.bucket)) return {*std::move(fault)};
  return {passed(check, fmt::format("'{}' is in {}", place.bucket, subject.services.region()))};
}

Findings check_data(const Subject& subject) {
  constexpr const char* check = DataCheck::check;
  const auto& channels = subject.plan.channels;
  const auto data =
      std::find_if(channels.begin(), channels.end(), [](const auto& one) { return one.name == "traindata"; });
  if (data == channels.end()) return {};
  const S3Location place = location_of(data->uri);
  if (place.prefix.starts_with('/') || place.prefix.find("//") != std::string::npos) {
    return {double_slash(check, data->uri)};
  }
  if (auto fault = bucket_fault(subject, check, data_option, place.bucket)) return {*std::move(fault)};
  const auto content = read_content(subject.services, place);
  if (content) return DataCheck(subject, *data).judge(*content);
  return {not_checked(check, content.error(), "s3:ListBucket")};
}

}  // namespace smflow::preflight
