#include "sample_source.hpp"

#include "decoded.hpp"

#include <algorithm>
#include <new>

namespace smflow::images {

SampleSource::SampleSource(const ImageFolder& folder, const LoaderOptions& options)
    : folder_(folder), options_(options) {
  if (options.cache_file.empty()) return;
  cache_ = std::make_unique<DecodedCache>(options.cache_file, folder, options.image_size);
}

Result<const std::uint8_t*> SampleSource::decode(std::size_t index, SampleScratch& scratch, SampleCounts& counts) {
  auto read = scratch.reader.read(folder_.root / folder_.samples[index].path, scratch.planar.data());
  if (!read) return tl::unexpected(std::move(read).error());
  ++counts.decoded;
  if (read->damaged) ++counts.damaged;
  return scratch.planar.data();
}

Result<const std::uint8_t*> SampleSource::planes(std::size_t index, SampleScratch& scratch, SampleCounts& counts) try {
  if (!cache_) return decode(index, scratch, counts);
  if (const std::uint8_t* planar = cache_->find(index)) {
    ++counts.from_cache;
    return planar;
  }
  auto decoded = decode(index, scratch, counts);
  if (decoded) {
    cache_->put(index, *decoded);
  } else {
    cache_->set_unreadable(index);
  }
  return decoded;
} catch (const std::bad_alloc&) {
  return tl::unexpected(unreadable("does not fit into the memory that is left"));
}

std::optional<std::size_t> SampleSource::write(std::size_t wanted, bool flip, float* floats, SampleScratch& scratch,
                                               SampleCounts& counts, std::vector<UnreadableImage>& failures) {
  const std::size_t all = folder_.samples.size();
  const std::size_t attempts = std::min(all, options_.max_unreadable + 1);
  for (std::size_t attempt = 0; attempt < attempts; ++attempt) {
    const std::size_t index = (wanted + attempt) % all;
    auto planar = planes(index, scratch, counts);
    if (planar) {
      write_pixels(*planar, {options_.image_size, options_.channels_last}, flip, scratch.scratch.data(), floats);
      return index;
    }
    failures.push_back({index, folder_.samples[index].path, planar.error().message});
  }
  return std::nullopt;
}

}  // namespace smflow::images
