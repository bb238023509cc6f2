#pragma once

#include <torch/types.h>

// The 4x4 convolution with stride 2 and padding 1 that a DCGAN is made of, and its transpose. On a CPU in float32 they
// run by Winograd's F(2x2, 2x2) on the picture's four pixel phases (9/16 of the multiplications), or as one product of
// matrices when there are few channels; elsewhere by ATen. Differentiable once, with respect to both arguments. Results
// are channels-last. On one thread equal calls give equal bits.
namespace smflow::training {

// Where the arithmetic of convolutions happens; everything else stays in float32.
enum class Precision { float32, bfloat16 };

// images [N, C, 2H, 2W], weight [K, C, 4, 4] -> [N, K, H, W], as torch.nn.functional.conv2d(..., stride=2, padding=1).
at::Tensor strided_convolution(const at::Tensor& images, const at::Tensor& weight, Precision precision);

// images [N, K, H, W], weight [K, C, 4, 4] -> [N, C, 2H, 2W], as conv_transpose2d(..., stride=2, padding=1).
at::Tensor transposed_convolution(const at::Tensor& images, const at::Tensor& weight, Precision precision);

}  // namespace smflow::training
