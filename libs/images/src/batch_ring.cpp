#include "batch_ring.hpp"

namespace smflow::images {

BatchRing::BatchRing(const LoaderOptions& options) {
  const auto count = static_cast<std::size_t>(options.held) + static_cast<std::size_t>(options.prefetch);
  const auto batch_size = static_cast<std::size_t>(options.batch_size);
  slots_.resize(count);
  memory_.resize(options.buffers.empty() ? count : 0);
  for (std::size_t i = 0; i < count; ++i) {
    BatchSlot& slot = slots_[i];
    slot.labels.resize(batch_size);
    slot.indices.resize(batch_size);
    if (options.buffers.empty()) {
      const std::size_t bytes = batch_size * planar_bytes(options.image_size) * sizeof(float);
      slot.pixels = reinterpret_cast<float*>(memory_[i].reserve(bytes));
    } else {
      slot.pixels = options.buffers[i];
    }
  }
}

void BatchRing::reset(std::int64_t batch, std::int64_t count) {
  BatchSlot& slot = of(batch);
  slot.count = slot.missing = count;
  slot.failures.clear();
  slot.out_of_memory = false;
  slot.counts = {};
  const auto size = static_cast<std::size_t>(count);
  slot.batch = {.pixels = slot.pixels,
                .count = count,
                .number = batch,
                .labels = std::span(slot.labels).first(size),
                .indices = std::span(slot.indices).first(size)};
}

}  // namespace smflow::images
