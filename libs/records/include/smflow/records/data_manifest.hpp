#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <smflow/plan/job_plan.hpp>
#include <smflow/records/run.hpp>

namespace smflow::records {

using OpenStore = std::function<Result<std::unique_ptr<storage::Store>>(std::string_view uri)>;

// The objects of one input, a line each, sorted by key: {"k":"cats/1.png","s":3120,"h":"<sha256>"}, or "e" and the ETag
// where it is on S3. The hash of the input is the SHA-256 of these lines.
struct DataManifest {
  DataState state;
  std::string lines;
};

// Files of this machine are read, up to `largest_hashed` bytes in all; beyond that names and sizes must do.
inline constexpr std::uint64_t largest_hashed = 8ull << 30;
Result<DataManifest> make_manifest(const plan::Channel& channel, const OpenStore& open_store,
                                   std::uint64_t hash_up_to = largest_hashed);

// Of every input but the config's, which is part of the record itself.
Result<std::vector<DataManifest>> make_manifests(const plan::JobPlan& plan, const OpenStore& open_store);

// "2 added, 1 removed, 3 changed": from the lines of one manifest to another's.
std::string manifest_difference(std::string_view before, std::string_view after);

// One hash over the files of a folder of code; empty when it cannot be read.
std::string code_hash(const std::filesystem::path& folder);

}  // namespace smflow::records
