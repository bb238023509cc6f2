#include "sniff.hpp"

#include "png_format.hpp"

#include <string_view>

namespace smflow::images {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t place;
  std::string_view bytes;
  std::string_view name;
};

constexpr Signature signatures[] = {
    {8, "WEBP"sv, "a WebP"},       {0, "GIF8"sv, "a GIF"},
    {0, "BM"sv, "a BMP"},          {0, "II*\0"sv, "a TIFF"},
    {0, "MM\0*"sv, "a TIFF"},      {4, "ftypavif"sv, "an AVIF"},
    {4, "ftypheic"sv, "a HEIC"},   {0, "\0\0\0\x0CjP  "sv, "a JPEG 2000"},
    {0, "P5"sv, "a PGM"},          {0, "P6"sv, "a PPM"},
    {0, "<svg"sv, "an SVG"},       {0, "%PDF"sv, "a PDF"},
    {0, "<!DOCTYPE"sv, "an HTML"}, {0, "\xFF\x0A"sv, "a JPEG XL"},
};

std::string_view text_of(std::span<const std::uint8_t> content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

}  // namespace

FileKind sniff(std::span<const std::uint8_t> content) {
  if (text_of(content).starts_with("\xFF\xD8\xFF"sv)) return FileKind::jpeg;
  return has_png_signature(content) ? FileKind::png : FileKind::other;
}

std::string describe_other(std::span<const std::uint8_t> content) {
  if (content.empty()) return "is empty";
  const std::string_view text = text_of(content);
  for (const Signature& signature : signatures) {
    if (text.size() >= signature.place && text.substr(signature.place).starts_with(signature.bytes)) {
      return "is " + std::string(signature.name) + " file; only JPEG and PNG are read";
    }
  }
  return "is neither a JPEG nor a PNG file";
}

}  // namespace smflow::images
