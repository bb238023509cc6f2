#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <smflow/base/unique_fd.hpp>

namespace smflow::emulator {

// The bytes of a message: up to `in_memory` of them in memory, more of them in a file without a name. Copies share
// the file. For one thread at a time.
class Body {
 public:
  static constexpr std::size_t in_memory = 4 << 20;

  Body() = default;
  Body(std::string text) : text_(std::move(text)) {}
  Body(const char* text) : text_(text) {}

  // False when the disk does not take it; the body is of no use then.
  bool append(const char* data, std::size_t size);
  std::uint64_t size() const { return size_in_file_ > 0 ? size_in_file_ : text_.size(); }
  bool empty() const { return size() == 0; }
  // All of it, or "" when it is in a file.
  const std::string& text() const { return text_; }
  // At most `size` bytes from `offset` on; fewer only at the end, "" also when the file cannot be read.
  std::string read(std::uint64_t offset, std::size_t size) const;

 private:
  bool append_to_file(const char* data, std::size_t size);

  std::string text_;
  std::shared_ptr<UniqueFd> file_;
  std::uint64_t size_in_file_ = 0;
};

}  // namespace smflow::emulator
