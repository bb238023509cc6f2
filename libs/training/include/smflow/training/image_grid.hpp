#pragma once

#include <torch/types.h>

#include <smflow/base/error.hpp>
#include <smflow/training/tensorboard.hpp>

namespace smflow::training {

// The pictures [N, 3, H, W] in [-1, 1] as one PNG, row by row, with gaps of two black pixels around each.
Result<PngImage> image_grid(const at::Tensor& images, int columns);

}  // namespace smflow::training
