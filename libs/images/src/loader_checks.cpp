#include "loader_checks.hpp"

#include <algorithm>
#include <limits>

namespace smflow::images {

namespace {

Result<void> out_of_range(const std::string& what, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return {};
  const std::string range = std::to_string(low) + " to " + std::to_string(high);
  return tl::unexpected(Error{.code = "E303",
                              .exit = ExitCode::configuration,
                              .message = "the " + what + " is " + std::to_string(value) + ", not in " + range,
                              .fix = "choose a value from " + range});
}

Result<void> check_buffers(const LoaderOptions& options) {
  const auto wanted = static_cast<std::size_t>(options.held) + static_cast<std::size_t>(options.prefetch);
  const bool missing = std::find(options.buffers.begin(), options.buffers.end(), nullptr) != options.buffers.end();
  if (options.buffers.empty() || (options.buffers.size() == wanted && !missing)) return {};
  return tl::unexpected(Error{.code = "E303",
                              .exit = ExitCode::bug,
                              .message = "the loader was given " + std::to_string(options.buffers.size()) +
                                         " buffers in place of " + std::to_string(wanted),
                              .fix = "give it none, or one for each picture that is held or fetched ahead"});
}

}  // namespace

Result<void> check(const ImageFolder& folder, const LoaderOptions& options) {
  struct Range {
    const char* what;
    std::int64_t value;
    std::int64_t low;
    std::int64_t high;
  };
  const Range ranges[] = {
      {"image size", options.image_size, 1, 4096},
      {"batch size", options.batch_size, 1, 1 << 20},
      {"number of loader workers", options.workers, 0, 1024},
      {"number of shards", options.shards, 1, 1 << 20},
      {"shard", options.shard, 0, options.shards - 1},
      {"number of held batches", options.held, 1, 1024},
      {"number of batches loaded ahead", options.prefetch, 1, 1024},
  };
  for (const Range& range : ranges) {
    if (auto checked = out_of_range(range.what, range.value, range.low, range.high); !checked) return checked;
  }
  if (auto checked = check_buffers(options); !checked) return checked;
  const auto samples = static_cast<std::int64_t>(folder.samples.size());
  if (auto checked = out_of_range("number of pictures", samples, 0, std::numeric_limits<std::uint32_t>::max());
      !checked) {
    return checked;
  }
  if (batches_per_epoch(folder, options) > 0) return {};
  return tl::unexpected(Error{.code = "E304",
                              .exit = ExitCode::configuration,
                              .message = "the " + std::to_string(samples) + " pictures of '" + folder.root.string() +
                                         "' do not fill one batch of " + std::to_string(options.batch_size),
                              .fix = "use a smaller batch size or more pictures"});
}

Error cannot_load(const LoaderOptions& options, const std::string& why) {
  return {.code = "E306",
          .exit = ExitCode::machine,
          .message = "cannot run the image loader with " + std::to_string(options.workers) +
                     " workers and batches of " + std::to_string(options.batch_size) + ": " + why,
          .fix = "use fewer workers or smaller batches"};
}

std::int64_t samples_per_epoch(const ImageFolder& folder, const LoaderOptions& options) {
  return (static_cast<std::int64_t>(folder.samples.size()) + options.shards - 1) / options.shards;
}

std::int64_t batches_per_epoch(const ImageFolder& folder, const LoaderOptions& options) {
  const std::int64_t samples = samples_per_epoch(folder, options);
  return (samples + (options.drop_last ? 0 : options.batch_size - 1)) / options.batch_size;
}

}  // namespace smflow::images
