#include "smflow/training/image_grid.hpp"

#include <span>

#include <torch/torch.h>

#include <smflow/images/png_writer.hpp>

namespace smflow::training {

namespace {
constexpr std::int64_t gap = 2;
}

Result<PngImage> image_grid(const at::Tensor& images, int columns) {
  const std::int64_t count = images.size(0), height = images.size(2), width = images.size(3);
  const std::int64_t across = std::min<std::int64_t>(columns, count), rows = (count + across - 1) / across;
  const at::Tensor grid = at::zeros({rows * (height + gap) + gap, across * (width + gap) + gap, 3}, at::kByte);
  const at::Tensor bytes = images.detach()
                               .to(at::kCPU, at::kFloat)
                               .add(1)
                               .mul(127.5)
                               .round()
                               .clamp(0, 255)
                               .to(at::kByte)
                               .permute({0, 2, 3, 1});
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t y = gap + i / across * (height + gap), x = gap + i % across * (width + gap);
    grid.narrow(0, y, height).narrow(1, x, width).copy_(bytes[i]);
  }
  const int grid_width = static_cast<int>(grid.size(1)), grid_height = static_cast<int>(grid.size(0));
  const std::span<const std::uint8_t> pixels(grid.data_ptr<std::uint8_t>(), static_cast<std::size_t>(grid.numel()));
  auto png = images::encode_png(grid_width, grid_height, pixels);
  if (!png) return tl::unexpected(png.error());
  return PngImage{grid_width, grid_height, *std::move(png)};
}

}  // namespace smflow::training
