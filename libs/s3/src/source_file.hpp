#pragma once

#include <filesystem>
#include <memory>

#include <sys/stat.h>

#include <smflow/base/unique_fd.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::s3 {

// A file to upload, as it was when it was opened: a file that is not that any more is E440. Read, never mapped, since a
// mapped file that is truncated is SIGBUS.
class SourceFile {
 public:
  static Result<std::shared_ptr<const SourceFile>> open(const std::filesystem::path& file);

  std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;
  Result<void> check_unchanged() const;

 private:
  UniqueFd fd_;
  std::string shown_;
  struct stat status_ {};
};

// Some of its bytes, as a body.
class FilePart : public http::BodySource {
 public:
  FilePart(std::shared_ptr<const SourceFile> file, std::uint64_t first, std::uint64_t size)
      : file_(std::move(file)), first_(first), size_(size) {}

  std::uint64_t size() const override { return size_; }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    return file_->read(first_ + offset, out);
  }

 private:
  std::shared_ptr<const SourceFile> file_;
  std::uint64_t first_;
  std::uint64_t size_;
};

// The CRC-64/NVME of a body, read through a small buffer.
Result<std::uint64_t> checksum_of(const http::BodySource& body);

}  // namespace smflow::s3
