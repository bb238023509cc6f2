#pragma once

#include "decoded_cache.hpp"
#include "pixels.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <smflow/images/loader.hpp>
#include <smflow/images/reader.hpp>

namespace smflow::images {

// What one thread needs for itself.
struct SampleScratch {
  explicit SampleScratch(int size) : reader(size), planar(planar_bytes(size)), scratch(planar_bytes(size)) {}
  ImageReader reader;
  std::vector<std::uint8_t> planar;
  std::vector<std::uint8_t> scratch;
};

struct SampleCounts {
  std::uint64_t decoded = 0;
  std::uint64_t from_cache = 0;
  std::uint64_t damaged = 0;
};

// Gives the sample wanted, or in its place the next readable one of the list. Safe to use from several threads at once,
// each with a scratch of its own.
class SampleSource {
 public:
  // `folder` and `options` outlive the source.
  SampleSource(const ImageFolder& folder, const LoaderOptions& options);

  // Writes the pixels of the sample that stands for `wanted` to `floats` and returns its index; nothing when it and the
  // max_unreadable after it are all unreadable. Appends every file that failed on the way to `failures`.
  std::optional<std::size_t> write(std::size_t wanted, bool flip, float* floats, SampleScratch& scratch,
                                   SampleCounts& counts, std::vector<UnreadableImage>& failures);

  std::string cache_note() const { return cache_ ? cache_->note() : std::string(); }

 private:
  Result<const std::uint8_t*> planes(std::size_t index, SampleScratch& scratch, SampleCounts& counts);
  Result<const std::uint8_t*> decode(std::size_t index, SampleScratch& scratch, SampleCounts& counts);

  const ImageFolder& folder_;
  const LoaderOptions& options_;
  std::unique_ptr<DecodedCache> cache_;
};

}  // namespace smflow::images
