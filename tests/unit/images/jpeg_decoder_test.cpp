#include "jpeg_decoder.hpp"

#include "jpeg_end.hpp"
#include "pixels.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <jpeglib.h>

namespace smflow::images {
namespace {

struct Layout {
  std::string name;
  int width = 0;
  int height = 0;
  int across = 1;  // samples of the first component to one of the others
  int down = 1;
  bool gray = false;
  bool progressive = false;
  bool arithmetic = false;
  int restart_rows = 0;
};

using Bytes = std::vector<std::uint8_t>;

// The library's own error handler ends the program, which is what a test wants of files it made itself.
Bytes encode(const Layout& layout) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(layout.width);
  info.image_height = static_cast<JDIMENSION>(layout.height);
  info.input_components = layout.gray ? 1 : 3;
  info.in_color_space = layout.gray ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 88, TRUE);
  info.comp_info[0].h_samp_factor = layout.across;
  info.comp_info[0].v_samp_factor = layout.down;
  info.arith_code = layout.arithmetic ? TRUE : FALSE;
  info.restart_in_rows = layout.restart_rows;
  if (layout.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::mt19937 random(5);
  Bytes row(static_cast<std::size_t>(layout.width * info.input_components));
  for (int y = 0; y < layout.height; ++y) {
    for (std::size_t x = 0; x < row.size(); ++x) {
      row[x] = static_cast<std::uint8_t>((x * 3 + static_cast<std::size_t>(y) * 5) % 256 / 2 + random() % 100);
    }
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(&info, rows, 1);
  }
  jpeg_finish_compress(&info);
  Bytes file(memory, memory + size);
  jpeg_destroy_compress(&info);
  std::free(memory);
  return file;
}

// Every row and column, then the resize: no crop, no skip, no early stop.
Bytes decode_in_full(const Bytes& file, int size) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_EXT_RGBX;
  jpeg_start_decompress(&info);
  const std::size_t stride = std::size_t{4} * info.output_width + 64;
  Bytes pixels(stride * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels.data() + stride * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  Resizer resizer(size, plain_kernels());
  resizer.begin(static_cast<int>(info.output_width), static_cast<int>(info.output_height));
  for (int y = resizer.down().first; y < resizer.down().end; y += 4) {
    const std::uint8_t* rows[4];
    for (int i = 0; i < 4; ++i) {
      rows[i] = pixels.data() + stride * static_cast<std::size_t>(std::min(y + i, resizer.down().end - 1));
    }
    resizer.add_band(rows, 0);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  Bytes planar(planar_bytes(size));
  resizer.finish(planar.data());
  return planar;
}

class JpegCrop : public testing::TestWithParam<Layout> {};

TEST_P(JpegCrop, GivesTheBytesOfAFullDecode) {
  const Bytes file = encode(GetParam());
  JpegDecoder decoder;
  for (const int size : {8, 16, 64}) {
    Resizer resizer(size);
    Bytes planar(planar_bytes(size));
    const auto decoded = decoder.decode(file, resizer);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_FALSE(decoded->damaged);
    resizer.finish(planar.data());
    EXPECT_EQ(planar, decode_in_full(file, size)) << "size " << size;
  }
}

TEST_P(JpegCrop, FilesCutAnywhereAreRefused) {
  const Bytes file = encode(GetParam());
  JpegDecoder decoder;
  Resizer resizer(8);
  for (std::size_t length = 2; length < file.size(); length += 1 + length / 20) {
    const auto decoded = decoder.decode(std::span(file).first(length), resizer);
    EXPECT_FALSE(decoded) << "cut at " << length << " of " << file.size();
  }
}

std::vector<Layout> layouts() {
  const std::vector<Layout> kinds = {
      {.name = "444"},
      {.name = "422", .across = 2},
      {.name = "440", .down = 2},
      {.name = "420", .across = 2, .down = 2},
      {.name = "411", .across = 4},
      {.name = "gray", .gray = true},
      {.name = "gray22", .across = 2, .down = 2, .gray = true},
      {.name = "progressive420", .across = 2, .down = 2, .progressive = true},
      {.name = "progressiveGray", .gray = true, .progressive = true},
      {.name = "arithmetic420", .across = 2, .down = 2, .arithmetic = true},
      {.name = "restart420", .across = 2, .down = 2, .restart_rows = 1},
      {.name = "restart444", .restart_rows = 2},
  };
  std::vector<Layout> all;
  for (const Layout& kind : kinds) {
    for (const auto& [width, height] : {std::pair{301, 97}, {97, 301}, {160, 128}, {17, 250}, {33, 31}}) {
      all.push_back(kind);
      all.back().width = width;
      all.back().height = height;
      all.back().name += "Of" + std::to_string(width) + "x" + std::to_string(height);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Layouts, JpegCrop, testing::ValuesIn(layouts()),
                         [](const auto& one) { return one.param.name; });

TEST(JpegEnd, IsFoundBehindSegmentsAndPadding) {
  const auto found = [](std::initializer_list<int> bytes) {
    const Bytes rest(bytes.begin(), bytes.end());
    return has_end_of_image(rest);
  };
  EXPECT_TRUE(found({0xFF, 0xD9}));
  EXPECT_TRUE(found({0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34, 0xFF, 0xD9, 0x55}));
  EXPECT_TRUE(found({0xFF, 0xFF, 0xD9}));
  EXPECT_TRUE(found({0xFF, 0xFE, 0x00, 0x04, 0xFF, 0xD9, 0xFF, 0xD9}));
  EXPECT_FALSE(found({0xFF, 0xFE, 0x00, 0x04, 0xFF, 0xD9})) << "the marker is inside a comment";
  EXPECT_FALSE(found({0xFF, 0xFE, 0x00}));
  EXPECT_FALSE(found({0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xD9}));
  EXPECT_FALSE(found({0xFF}));
  EXPECT_FALSE(found({}));
  EXPECT_FALSE(found({0xD9, 0xFF, 0x00, 0xD9}));
}

TEST(JpegScans, ThousandsOfPassesAreRefused) {
  Bytes file = encode({.name = "", .width = 64, .height = 64, .gray = true, .progressive = true});
  // Repeat the last scan, from its header to the end of the image.
  std::size_t scan = file.size() - 2;
  while (!(file[scan] == 0xFF && file[scan + 1] == 0xDA)) --scan;
  const Bytes again(file.begin() + static_cast<std::ptrdiff_t>(scan), file.end() - 2);
  file.resize(file.size() - 2);
  for (int i = 0; i < 600; ++i) file.insert(file.end(), again.begin(), again.end());
  file.insert(file.end(), {0xFF, 0xD9});
  JpegDecoder decoder;
  Resizer resizer(8);
  const auto decoded = decoder.decode(file, resizer);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().message, "is not a readable JPEG file: has more than 500 scans");
}

}  // namespace
}  // namespace smflow::images
