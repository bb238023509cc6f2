#include "emoji_dataset/picture.hpp"

#include <algorithm>
#include <cmath>

#include <png.h>

namespace smflow::emoji {

namespace {

constexpr int channels = 3;

std::size_t offset(const Picture& picture, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) *
         channels;
}

// The source pixels under one pixel of the result, and how much of each.
struct Cover {
  int begin;
  std::vector<double> weights;  // sum 1
};

std::vector<Cover> covers(int from, int to) {
  const double scale = static_cast<double>(from) / to;
  std::vector<Cover> result;
  for (int i = 0; i < to; ++i) {
    const double low = i * scale, high = std::min<double>(from, (i + 1) * scale);
    Cover cover{.begin = static_cast<int>(low), .weights = {}};
    for (int k = cover.begin; k < from && k < high; ++k) {
      cover.weights.push_back((std::min(high, k + 1.0) - std::max<double>(low, k)) / scale);
    }
    result.push_back(std::move(cover));
  }
  return result;
}

std::uint8_t mean(const Picture& picture, const Cover& across, const Cover& down, int channel) {
  double sum = 0;
  for (std::size_t y = 0; y < down.weights.size(); ++y) {
    const std::size_t row = offset(picture, across.begin, down.begin + static_cast<int>(y));
    for (std::size_t x = 0; x < across.weights.size(); ++x) {
      sum += picture.rgb[row + x * channels + static_cast<std::size_t>(channel)] * across.weights[x] * down.weights[y];
    }
  }
  return static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
}

}  // namespace

Picture on_white_square(const Bitmap& bitmap) {
  const int side = std::max(bitmap.width, bitmap.height);
  const int left = (side - bitmap.width) / 2, top = (side - bitmap.height) / 2;
  Picture picture{.width = side, .height = side, .rgb = {}};
  picture.rgb.assign(offset(picture, 0, side), 255);
  for (int y = 0; y < bitmap.height; ++y) {
    const std::uint8_t* source = bitmap.bgra.data() + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
    std::uint8_t* target = picture.rgb.data() + offset(picture, left, top + y);
    for (int x = 0; x < bitmap.width; ++x, source += 4, target += channels) {
      const int background = 255 - source[3];
      for (int c = 0; c < channels; ++c)
        target[c] = static_cast<std::uint8_t>(std::min(255, source[2 - c] + background));
    }
  }
  return picture;
}

Picture shrunk(const Picture& square, int size) {
  if (size == square.width) return square;
  const std::vector<Cover> cover = covers(square.width, size);
  Picture small{.width = size, .height = size, .rgb = {}};
  small.rgb.reserve(offset(small, 0, size));
  for (const Cover& down : cover) {
    for (const Cover& across : cover) {
      for (int c = 0; c < channels; ++c) small.rgb.push_back(mean(square, across, down, c));
    }
  }
  return small;
}

std::string encode_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr) == 0) return {};
  bytes.resize(size);
  return bytes;
}

}  // namespace smflow::emoji
