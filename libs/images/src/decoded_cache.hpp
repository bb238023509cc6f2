#pragma once

#include "cache_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <smflow/images/folder.hpp>

namespace smflow::images {

// Decoded pictures kept in a mapped file, so that a picture is decoded once and not once an epoch. An entry is valid
// while its file has the path, size and modification time it had when it was decoded, looked at once in a process. The
// file appears under its name when every readable picture is in it. Anything that fails turns the cache off and is
// said in note(); it is never an error. Safe to use from several threads at once.
class DecodedCache {
 public:
  // `folder` outlives the cache. `size` is the side of the pictures.
  DecodedCache(std::filesystem::path file, const ImageFolder& folder, int size);

  // The planes of a picture, valid as long as the cache; nullptr when they are not in it.
  const std::uint8_t* find(std::size_t index);
  // After find() returned nullptr: what decoding gave.
  void put(std::size_t index, const std::uint8_t* planar);
  void set_unreadable(std::size_t index);

  std::string note() const;

 private:
  enum class State : std::uint8_t { missing, claimed, counted };

  std::uint64_t key_of(std::size_t index);
  bool start_writing();
  void store(std::size_t index, const std::uint8_t* planar, std::uint64_t key);
  void count_one();
  void turn_off(std::string why);

  std::filesystem::path file_;
  const ImageFolder& folder_;
  CacheShape shape_;
  std::vector<std::atomic<std::uint64_t>> keys_;  // 0 until asked for
  std::vector<std::atomic<State>> states_;        // of the entries of new_
  CacheMapping old_;
  std::once_flag started_;
  std::optional<NewCache> new_;
  std::atomic<bool> writing_{false};  // new_ may be used
  std::atomic<std::size_t> counted_{0};
  std::atomic<bool> off_{false};
  mutable std::mutex note_mutex_;
  std::string note_;
};

}  // namespace smflow::images
