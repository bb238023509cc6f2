#pragma once

#include <string>

#include <smflow/images/loader.hpp>

namespace smflow::images {

// E303, E304: see BatchLoader::create.
Result<void> check(const ImageFolder& folder, const LoaderOptions& options);

// E306: memory or threads were not to be had.
Error cannot_load(const LoaderOptions& options, const std::string& why);

// Samples of one shard in an epoch, and the batches they make.
std::int64_t samples_per_epoch(const ImageFolder& folder, const LoaderOptions& options);
std::int64_t batches_per_epoch(const ImageFolder& folder, const LoaderOptions& options);

}  // namespace smflow::images
