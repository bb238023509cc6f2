#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include <smflow/base/error.hpp>

namespace smflow::images {

// Reads JPEG and PNG files as torchvision's Resize(size) and CenterCrop(size) on PIL's convert("RGB") do, byte for byte
// (checked against Pillow 9.4 and torchvision 0.14): EXIF orientation is ignored, alpha dropped, 16-bit gray saturated.
// What a file is its content decides. Memory is kept from picture to picture. One reader per thread.
class ImageReader {
 public:
  // `size` is 1 to 4096.
  explicit ImageReader(int size);
  ~ImageReader();
  ImageReader(ImageReader&&) noexcept;
  ImageReader& operator=(ImageReader&&) noexcept;

  struct Read {
    bool damaged = false;  // part of the data was wrong in a way that PIL passes over silently too
  };

  // Writes three planes (red, green, blue) of size * size bytes to `planar`. Error E310: the file cannot be read, is
  // cut short, is no JPEG or PNG file, or has more than 178,956,970 pixels (Pillow's limit); its message completes
  // "'a/b.jpg' ...". Nothing is allocated for pixels that the file cannot hold. Throws std::bad_alloc.
  Result<Read> read(const std::filesystem::path& file, std::uint8_t* planar);
  Result<Read> decode(std::span<const std::uint8_t> content, std::uint8_t* planar);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Bytes as ToTensor and Normalize(0.5) give them, bit for bit: (value / 255 - 0.5) / 0.5.
void normalize(std::span<const std::uint8_t> bytes, float* floats);

}  // namespace smflow::images
