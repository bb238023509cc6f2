#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/images/png_writer.hpp>
#include <smflow/training/image_grid.hpp>

namespace smflow::training {
namespace {

// The grid drawn pixel by pixel.
std::string drawn(const at::Tensor& images, int columns, int rows) {
  const auto values = images.accessor<float, 4>();
  const int height = static_cast<int>(images.size(2)), width = static_cast<int>(images.size(3));
  const int across = columns * (width + 2) + 2, down = rows * (height + 2) + 2;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * across * down));
  for (int i = 0; i < images.size(0); ++i) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < 3; ++c) {
          const int row = 2 + i / columns * (height + 2) + y, column = 2 + i % columns * (width + 2) + x;
          const float level = std::clamp((values[i][c][y][x] + 1) * 127.5f, 0.0f, 255.0f);
          pixels[static_cast<std::size_t>(3 * (row * across + column) + c)] =
              static_cast<std::uint8_t>(std::lround(level));
        }
      }
    }
  }
  return *images::encode_png(across, down, pixels);
}

TEST(ImageGrid, LaysPicturesRowByRow) {
  torch::manual_seed(1);
  const at::Tensor images = at::rand({7, 3, 5, 4}) * 2 - 1;
  const auto grid = image_grid(images, 3);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->width, 3 * 6 + 2);
  EXPECT_EQ(grid->height, 3 * 7 + 2);
  EXPECT_EQ(grid->bytes, drawn(images, 3, 3));
}

TEST(ImageGrid, IsNoWiderThanItsPictures) {
  const at::Tensor images = at::zeros({2, 3, 4, 4});
  const auto grid = image_grid(images, 8);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->bytes, drawn(images, 2, 1));
}

TEST(ImageGrid, HoldsValuesBeyondTheRange) {
  const at::Tensor images = at::linspace(-3, 3, 48).view({1, 3, 4, 4});
  EXPECT_EQ(image_grid(images, 1)->bytes, drawn(images, 1, 1));
}

TEST(ImageGrid, TakesChannelsLastPictures) {
  const at::Tensor images = at::rand({4, 3, 4, 4});
  EXPECT_EQ(image_grid(images.contiguous(at::MemoryFormat::ChannelsLast), 2)->bytes, image_grid(images, 2)->bytes);
}

}  // namespace
}  // namespace smflow::training
