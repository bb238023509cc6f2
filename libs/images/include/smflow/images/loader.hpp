#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/images/folder.hpp>

namespace smflow::images {

struct LoaderOptions {
  int image_size = 64;  // S of Resize(S), CenterCrop(S): 1 to 4096
  int batch_size = 128;
  int workers = 2;  // threads that decode; 0: the thread that calls next()
  std::uint64_t seed = 0;
  bool shuffle = true;
  bool horizontal_flip = false;  // of the final picture, for half of them, chosen anew in every epoch
  bool drop_last = false;        // leave out a last batch smaller than batch_size
  bool channels_last = false;    // pixels as [count][S][S][3] in place of [count][3][S][S]

  // Different files that may fail before next() fails too. Each is replaced by the next readable file of the list.
  std::size_t max_unreadable = 100;

  // Decoded pictures are kept here from one epoch and run to the next; empty: no cache. A cache that cannot be used
  // (read-only folder, full disk, other data) is left out; see cache_note().
  std::filesystem::path cache_file;

  // One loader of `shards` reads every shards-th sample, starting at `shard`, of the same shuffled order. All shards
  // have the same number of batches: samples from the front are given twice where they do not divide.
  int shard = 0;
  int shards = 1;

  // Batches in the making or in use. A batch stays untouched until next() has been called `held` more times.
  int held = 1;
  int prefetch = 3;

  // Where batches are put, for memory of the caller's (page-locked, say): held + prefetch buffers of
  // batch_size * 3 * S * S floats that outlive the loader. Empty: the loader's own memory, aligned to 64 bytes.
  std::vector<float*> buffers;
};

struct Batch {
  float* pixels = nullptr;  // in [-1, 1]: (value / 255 - 0.5) / 0.5
  std::int64_t count = 0;
  std::int64_t number = 0;                // within the epoch, from 0
  std::span<const std::int64_t> labels;   // `count` class numbers
  std::span<const std::int64_t> indices;  // `count` places in ImageFolder::samples, after replacement
};

struct UnreadableImage {
  std::size_t index = 0;  // in ImageFolder::samples
  std::string path;       // below the root
  std::string message;    // "the file is cut short"
};

struct LoaderCounters {
  std::uint64_t images = 0;       // given out
  std::uint64_t decoded = 0;      // from files
  std::uint64_t from_cache = 0;   // from the decoded cache
  std::uint64_t damaged = 0;      // decoded in spite of damage that PIL accepts too
  double seconds_waited_for = 0;  // time that next() waited for workers: the loader is the bottleneck
};

// Shuffled batches of pictures, decoded, resized, cropped and normalised byte for byte as by torchvision's
// Resize(S), CenterCrop(S), ToTensor, Normalize(0.5) on PIL's convert("RGB"). Batches depend on the folder, the seed
// and the epoch alone: not on the number of workers, the cache, or where an epoch is resumed. All calls come from one
// thread.
class BatchLoader {
 public:
  // Errors: E303 an option out of range, E304 no sample (or fewer than one batch with drop_last), E306 not enough
  // memory or threads.
  static Result<std::unique_ptr<BatchLoader>> create(ImageFolder folder, LoaderOptions options);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  std::int64_t batches_per_epoch() const;

  // Starts anywhere: batches before `first_batch` are not decoded. Gives up what is left of the epoch before; its
  // batches become invalid.
  void start_epoch(std::uint64_t epoch, std::int64_t first_batch = 0);

  // The next batch of the epoch, nullptr after the last. Error E305: more than max_unreadable files failed.
  Result<const Batch*> next();

  const ImageFolder& folder() const;
  // Files that failed in the batches given out so far, each once, in the order met.
  const std::vector<UnreadableImage>& unreadable() const;
  LoaderCounters counters() const;
  // Empty while the cache works or none was asked for; else why it is not used.
  std::string cache_note() const;

 private:
  class Engine;
  explicit BatchLoader(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace smflow::images
