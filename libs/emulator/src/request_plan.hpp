#pragma once

#include <chrono>
#include <filesystem>

#include <smflow/emulator/service_error.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::emulator {

// Where the emulator's jobs find and leave things.
struct Placement {
  // Buckets are folders of this folder: s3://b/k is the file <s3_root>/b/k. Empty: S3 URIs reach the engine as they
  // are.
  std::filesystem::path s3_root;
  std::filesystem::path code;            // stands as /opt/ml/code
  std::filesystem::path work_directory;  // of the running jobs
  std::chrono::seconds stop_grace{120};
};

// The plan of a CreateTrainingJob request that is checked and breaks no rule. A ValidationException when an S3 URI
// leaves its bucket, or a channel selects nothing.
tl::expected<plan::JobPlan, ServiceError> plan_of(const Json& request, const Placement& placement);

// The file that stands for an S3 URI, without a slash at its end.
tl::expected<std::filesystem::path, ServiceError> s3_path(const std::string& uri, const std::filesystem::path& s3_root);

}  // namespace smflow::emulator
