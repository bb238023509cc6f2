#include "failure.hpp"

#include <algorithm>

#include <smflow/docker/log_frames.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t header_size = 8;

}  // namespace

Result<void> LogFrames::feed(std::span<const std::byte> piece) {
  while (!piece.empty()) {
    if (left_ == 0) {
      const std::size_t size = std::min(header_size - header_.size(), piece.size());
      header_.append(reinterpret_cast<const char*>(piece.data()), size);
      piece = piece.subspan(size);
      if (auto read = read_header(); !read) return read;
      continue;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
    if (auto taken = sink_(stream_, piece.first(size)); !taken) return taken;
    left_ -= size;
    piece = piece.subspan(size);
  }
  return {};
}

Result<void> LogFrames::read_header() {
  if (header_.size() < header_size) return {};
  const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(header_[at])); };
  if (byte(0) > 2 || byte(1) != 0 || byte(2) != 0 || byte(3) != 0) {
    return tl::unexpected(not_understood("the log of a container is not framed"));
  }
  stream_ = byte(0) == 2 ? OutputStream::error : OutputStream::standard;
  left_ = byte(4) << 24 | byte(5) << 16 | byte(6) << 8 | byte(7);
  header_.clear();
  return {};
}

}  // namespace smflow::docker
