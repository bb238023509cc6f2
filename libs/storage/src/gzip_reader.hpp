#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <zlib.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::storage {

// The bytes of a file, decompressed when it is gzip. Verifies checksum and length of every gzip member, which
// libarchive's own filter does not. Bounded memory.
class GzipReader {
 public:
  // `shown` names the file in errors.
  GzipReader(UniqueFd file, std::string shown);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // The next bytes, valid until the next call; empty at the end. Error E165 when the file is damaged or cut off.
  Result<std::string_view> next();
  // Bytes returned so far.
  std::uint64_t total() const { return total_; }

 private:
  enum class State { begin, plain, member, between };

  Result<bool> fill();
  Result<std::string_view> inflate_some();
  Result<void> begin_member();
  Error damaged(std::string_view why) const;

  UniqueFd file_;
  std::string shown_;
  State state_ = State::begin;
  z_stream stream_{};
  std::vector<unsigned char> input_;
  std::vector<unsigned char> output_;
  std::uint64_t total_ = 0;
};

}  // namespace smflow::storage
