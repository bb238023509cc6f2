#include "bucket_check.hpp"

#include "findings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

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

}  // namespace

S3Location location_of(std::string_view uri) {
  uri.remove_prefix(std::string_view("s3://").size());
  const std::size_t slash = std::min(uri.find('/'), uri.size());
  return {std::string(uri.substr(0, slash)), std::string(uri.substr(std::min(slash + 1, uri.size())))};
}

std::optional<Finding> bucket_fault(const Subject& subject, const char* check, const char* option,
                                    const std::string& bucket) {
  const auto region = subject.services.bucket_region(bucket);
  const std::string here = subject.services.region();
  // S3 says where a bucket is also to who may not read it.
  const std::string& there = region ? *region : region.error().bucket_region;
  if (!there.empty() && there != here) return other_region(check, option, bucket, there, here);
  if (region) return std::nullopt;
  if (region.error().kind == aws::AwsError::Kind::not_found) return no_bucket(check, option, bucket);
  return not_checked(check, region.error(), "s3:ListBucket");
}

Findings check_results_bucket(const Subject& subject) {
  constexpr const char* check = "results bucket";
  const S3Location place = location_of(subject.plan.output_uri);
  if (auto fault = bucket_fault(subject, check, "S3.SAGEMAKER_RESULTS_BUCKET", place.bucket))
    return {*std::move(fault)};
  return {passed(check, fmt::format("'{}' is in {}", place.bucket, subject.services.region()))};
}

}  // namespace smflow::preflight
