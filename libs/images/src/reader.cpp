#include "file_content.hpp"
#include "jpeg_decoder.hpp"
#include "kernels.hpp"
#include "png_decoder.hpp"
#include "resizer.hpp"
#include "sniff.hpp"

#include <smflow/images/reader.hpp>

namespace smflow::images {

struct ImageReader::State {
  explicit State(int size) : resizer(size) {}

  Result<Decoded> decode(std::span<const std::uint8_t> content) {
    switch (sniff(content)) {
      case FileKind::jpeg:
        return jpeg.decode(content, resizer);
      case FileKind::png:
        return png.decode(content, resizer);
      case FileKind::other:
        break;
    }
    return tl::unexpected(unreadable(describe_other(content)));
  }

  void trim() {
    file_bytes.trim();
    resizer.trim();
    jpeg.trim();
    png.trim();
  }

  ByteBuffer file_bytes;
  Resizer resizer;
  JpegDecoder jpeg;
  PngDecoder png;
};

ImageReader::ImageReader(int size) : state_(std::make_unique<State>(size)) {}
ImageReader::~ImageReader() = default;
ImageReader::ImageReader(ImageReader&&) noexcept = default;
ImageReader& ImageReader::operator=(ImageReader&&) noexcept = default;

Result<ImageReader::Read> ImageReader::read(const std::filesystem::path& file, std::uint8_t* planar) {
  const auto content = read_content(file, state_->file_bytes);
  if (!content) return tl::unexpected(content.error());
  return decode(*content, planar);
}

Result<ImageReader::Read> ImageReader::decode(std::span<const std::uint8_t> content, std::uint8_t* planar) {
  auto decoded = state_->decode(content);
  if (decoded) state_->resizer.finish(planar);
  state_->trim();
  if (!decoded) return tl::unexpected(std::move(decoded).error());
  return Read{.damaged = decoded->damaged};
}

void normalize(std::span<const std::uint8_t> bytes, float* floats) {
  best_kernels().to_floats(bytes.data(), bytes.size(), floats);
}

}  // namespace smflow::images
