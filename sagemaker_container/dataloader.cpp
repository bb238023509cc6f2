#include "dataloader.hpp"

#include <torch/torch.h>

namespace smflow::gan {

namespace {

void keep(Dataloader::Part part, std::vector<images::Sample>& samples) {
  std::size_t kept = 0;
  for (std::size_t index = part.first; index < samples.size(); index += part.of) {
    if (kept != index) samples[kept] = std::move(samples[index]);
    ++kept;
  }
  samples.resize(kept);
}

}  // namespace

Result<Dataloader> Dataloader::create(const std::filesystem::path& folder, Part part, const DataloaderOptions& options,
                                      std::uint64_t seed, const std::filesystem::path& cache_file, at::Device device) {
  auto list = images::list_image_folder(folder);
  if (!list) return tl::unexpected(list.error());
  keep(part, list->samples);
  images::LoaderOptions loader_options;
  loader_options.image_size = in_pixels(options.image_size);
  loader_options.batch_size = options.batch_size;
  loader_options.workers = options.num_workers;
  loader_options.seed = seed;
  loader_options.drop_last = list->samples.size() >= static_cast<std::size_t>(options.batch_size);
  loader_options.channels_last = true;
  loader_options.max_unreadable = static_cast<std::size_t>(options.max_unreadable);
  loader_options.cache_file = cache_file;
  auto loader = images::BatchLoader::create(*std::move(list), std::move(loader_options));
  if (!loader) return tl::unexpected(loader.error());
  return Dataloader(*std::move(loader), in_pixels(options.image_size), device);
}

void Dataloader::start_epoch(std::int64_t epoch, std::int64_t first_batch) {
  loader_->start_epoch(static_cast<std::uint64_t>(epoch), first_batch);
}

Result<std::optional<at::Tensor>> Dataloader::next() {
  const auto batch = loader_->next();
  if (!batch) return tl::unexpected(batch.error());
  if (*batch == nullptr) return std::nullopt;
  const at::Tensor pixels =
      at::from_blob((*batch)->pixels, {(*batch)->count, image_size_, image_size_, 3}, at::kFloat).permute({0, 3, 1, 2});
  return pixels.to(device_);
}

}  // namespace smflow::gan
