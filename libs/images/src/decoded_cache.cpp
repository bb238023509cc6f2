#include "decoded_cache.hpp"

#include "pixels.hpp"

#include <cstring>
#include <string_view>

#include <jpeglib.h>
#include <sys/stat.h>

namespace smflow::images {

namespace {

#define SMFLOW_TEXT_OF(value) #value
#define SMFLOW_TEXT(macro) SMFLOW_TEXT_OF(macro)

// Another decoder may differ by a level, so its version is part of what the pixels are.
std::string transform_text(int size) {
  return "rgb8 planar; resize and centre crop " + std::to_string(size) +
         " as Pillow 9.4; libjpeg-turbo " SMFLOW_TEXT(LIBJPEG_TURBO_VERSION);
}

// FNV-1a, with a last mixing so that close times spread.
class Hash {
 public:
  void add(std::string_view bytes) {
    for (const char byte : bytes) value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  }
  void add(std::int64_t number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    add(std::string_view(bytes, sizeof bytes));
  }
  std::uint64_t value() const {
    const std::uint64_t mixed = (value_ ^ (value_ >> 32)) * 0xD6E8FEB86659FD93;
    return (mixed ^ (mixed >> 32)) | 1;  // 0 means "empty"
  }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

}  // namespace

DecodedCache::DecodedCache(std::filesystem::path file, const ImageFolder& folder, int size)
    : file_(std::move(file)),
      folder_(folder),
      shape_{folder.samples.size(), planar_bytes(size), transform_text(size)},
      keys_(folder.samples.size()),
      states_(folder.samples.size()) {
  ExistingCache existing = open_cache(file_, shape_);
  if (existing.foreign) turn_off("'" + file_.string() + "' is no cache of decoded pictures");
  old_ = std::move(existing.mapping);
}

std::uint64_t DecodedCache::key_of(std::size_t index) {
  std::atomic<std::uint64_t>& known = keys_[index];
  if (const std::uint64_t key = known.load(std::memory_order_relaxed); key != 0) return key;
  const std::string& path = folder_.samples[index].path;
  struct stat status {};
  if (::stat((folder_.root / path).c_str(), &status) != 0) return 0;
  Hash hash;
  hash.add(path);
  hash.add(static_cast<std::int64_t>(status.st_size));
  hash.add(static_cast<std::int64_t>(status.st_mtim.tv_sec));
  hash.add(static_cast<std::int64_t>(status.st_mtim.tv_nsec));
  known.store(hash.value(), std::memory_order_relaxed);
  return hash.value();
}

const std::uint8_t* DecodedCache::find(std::size_t index) {
  if (off_) return nullptr;
  const std::uint64_t key = key_of(index);
  if (key == 0) return nullptr;
  const bool writing = writing_.load(std::memory_order_acquire);
  if (writing && new_->mapping().key(index) == key) return new_->mapping().entry(index);
  if (!old_ || old_.key(index) != key) return nullptr;
  if (writing) store(index, old_.entry(index), key);
  return old_.entry(index);
}

void DecodedCache::put(std::size_t index, const std::uint8_t* planar) {
  if (off_) return;
  const std::uint64_t key = key_of(index);
  if (key != 0 && start_writing()) store(index, planar, key);
}

void DecodedCache::set_unreadable(std::size_t index) {
  if (off_) return;
  State missing = State::missing;
  if (states_[index].compare_exchange_strong(missing, State::counted)) count_one();
}

bool DecodedCache::start_writing() {
  std::call_once(started_, [this] {
    auto created = NewCache::create(file_, shape_);
    if (!created) return turn_off(created.error().message);
    new_.emplace(*std::move(created));
    writing_.store(true, std::memory_order_release);
  });
  return writing_.load(std::memory_order_acquire);
}

void DecodedCache::store(std::size_t index, const std::uint8_t* planar, std::uint64_t key) {
  State missing = State::missing;
  if (!states_[index].compare_exchange_strong(missing, State::claimed)) return;
  std::memcpy(new_->mapping().entry(index), planar, shape_.entry_bytes);
  new_->mapping().set_key(index, key);
  count_one();
}

void DecodedCache::count_one() {
  if (counted_.fetch_add(1, std::memory_order_acq_rel) + 1 != shape_.count) return;
  // With nothing but unreadable pictures, or all of the rest in the old file, there is nothing to write.
  if (!writing_.load(std::memory_order_acquire)) return;
  if (auto published = new_->publish(); !published) {
    const std::lock_guard lock(note_mutex_);
    note_ = published.error().message;
  }
}

void DecodedCache::turn_off(std::string why) {
  const std::lock_guard lock(note_mutex_);
  note_ = std::move(why);
  off_ = true;
}

std::string DecodedCache::note() const {
  const std::lock_guard lock(note_mutex_);
  return note_;
}

}  // namespace smflow::images
