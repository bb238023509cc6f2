#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace smflow::images {

// Memory that is kept from picture to picture: aligned to 64 bytes, never zeroed or copied on growth, with 64 bytes
// more than asked for, which the kernels may read. What a single huge picture needed is given back by trim().
class ByteBuffer {
 public:
  // At least `size` bytes; what was in the buffer is lost. Throws std::bad_alloc.
  std::uint8_t* reserve(std::size_t size) {
    if (size > capacity_ || bytes_ == nullptr) {
      bytes_.reset();
      capacity_ = 0;
      bytes_.reset(static_cast<std::uint8_t*>(::operator new(size + size / 4 + slack, alignment)));
      capacity_ = size + size / 4;
    }
    return bytes_.get();
  }
  std::uint8_t* data() { return bytes_.get(); }
  const std::uint8_t* data() const { return bytes_.get(); }

  void trim() {
    if (capacity_ <= kept) return;
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  static constexpr std::size_t slack = 64;
  static constexpr std::size_t kept = 64u << 20;
  struct Delete {
    void operator()(std::uint8_t* bytes) const { ::operator delete(bytes, alignment); }
  };
  std::unique_ptr<std::uint8_t, Delete> bytes_;
  std::size_t capacity_ = 0;
};

// The distance between rows of `bytes` bytes: room for the kernels' reads past the end, aligned, and no multiple of
// 4096, which would put the four rows of a band into the same lines of the first-level cache.
constexpr std::size_t row_stride(std::size_t bytes) {
  const std::size_t stride = (bytes + 16 + 63) / 64 * 64;
  return stride % 4096 == 0 ? stride + 64 : stride;
}

}  // namespace smflow::images
