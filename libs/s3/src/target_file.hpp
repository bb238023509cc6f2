#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include <smflow/base/clock.hpp>
#include <smflow/base/files.hpp>

namespace smflow::s3 {

// A file that comes in pieces, in any order and from several threads, and appears when it is whole.
class TargetFile {
 public:
  static Result<TargetFile> create(const std::filesystem::path& file);

  // Takes the space for `size` bytes, so that a full disk is known before they come.
  Result<void> reserve(std::uint64_t size);
  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes);
  // What was written; from several threads.
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;
  Result<void> commit(std::optional<WallTime> modified);

 private:
  TargetFile(AtomicFile file, std::string shown) : file_(std::move(file)), shown_(std::move(shown)) {}
  Error failure(int errno_value) const { return system_error("cannot write '" + shown_ + "'", errno_value); }

  AtomicFile file_;
  // The kernel lets one thread write to a file, and the others spin.
  std::unique_ptr<std::mutex> one_writes_ = std::make_unique<std::mutex>();
  std::string shown_;
};

}  // namespace smflow::s3
