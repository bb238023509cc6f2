#pragma once

#include "training_default_config.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include <torch/types.h>

#include <smflow/images/loader.hpp>

namespace smflow::gan {

// The pictures of a folder as shuffled batches of tensors on a device.
class Dataloader {
 public:
  // Of the pictures every `of`-th, from the one with the number `first`.
  struct Part {
    std::size_t first = 0;
    std::size_t of = 1;
  };
  static Result<Dataloader> create(const std::filesystem::path& folder, Part part, const DataloaderOptions& options,
                                   std::uint64_t seed, const std::filesystem::path& cache_file, at::Device device);

  std::int64_t batches_per_epoch() const { return loader_->batches_per_epoch(); }
  std::size_t pictures() const { return loader_->folder().samples.size(); }

  void start_epoch(std::int64_t epoch, std::int64_t first_batch);
  // [N, 3, S, S] channels-last in [-1, 1], valid until the next call; nothing after the last batch of the epoch.
  Result<std::optional<at::Tensor>> next();

  const images::BatchLoader& loader() const { return *loader_; }

 private:
  Dataloader(std::unique_ptr<images::BatchLoader> loader, int image_size, at::Device device)
      : loader_(std::move(loader)), image_size_(image_size), device_(device) {}

  std::unique_ptr<images::BatchLoader> loader_;
  int image_size_;
  at::Device device_;
};

}  // namespace smflow::gan
