#pragma once

#include "byte_buffer.hpp"
#include "sample_source.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include <smflow/images/loader.hpp>

namespace smflow::images {

// A failure and the place in its batch, by which failures are put in an order that does not depend on the threads.
struct PlacedFailure {
  std::int64_t position = 0;
  UnreadableImage image;
};

// A batch in the making, or in use.
struct BatchSlot {
  float* pixels = nullptr;
  std::vector<std::int64_t> labels;
  std::vector<std::int64_t> indices;
  std::int64_t count = 0;
  std::int64_t missing = 0;  // samples not written yet
  std::vector<PlacedFailure> failures;
  bool out_of_memory = false;
  SampleCounts counts;
  Batch batch;
};

// The slots that batches take in turn, and the memory behind them. Throws std::bad_alloc.
class BatchRing {
 public:
  explicit BatchRing(const LoaderOptions& options);

  std::int64_t size() const { return static_cast<std::int64_t>(slots_.size()); }
  BatchSlot& of(std::int64_t batch) { return slots_[static_cast<std::size_t>(batch % size())]; }
  // Makes the slot ready for `count` samples of the batch.
  void reset(std::int64_t batch, std::int64_t count);

 private:
  std::vector<BatchSlot> slots_;
  std::vector<ByteBuffer> memory_;
};

}  // namespace smflow::images
