#pragma once

#include <cstddef>
#include <cstdint>

namespace smflow::training {

// A 4x4 convolution with stride 2 and padding 1 from `channels` planes of 2*height x 2*width to `filters` planes of
// height x width. Pictures lie as [rows][columns][channels].
struct ConvolutionShape {
  std::int64_t images = 0;
  std::int64_t height = 0;  // of the smaller side; even for Winograd
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t filters = 0;
};

// The linear maps of Winograd's F(2x2, 2x2) on the four pixel phases of the larger side (A. Lavin, S. Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2016), and their transposes. One tile is 2x2 pixels of the smaller
// side; it sees 3x3 pixels of each phase. At each of 9 points the convolution is a product of matrices:
//   output(M), M[point] = input(X)[point] [tiles x 4 channels] * weights[point] [4 channels x filters]
// All functions work on one picture and on plain memory; a point's matrix begins `stride` floats after the one before.
// gather and scatter are input() and its transpose, join and split are output() and its transpose. `zeros` holds
// `channels` zeros.
struct WinogradKernels {
  void (*gather)(const ConvolutionShape& shape, const float* large, const float* zeros, float* points,
                 std::ptrdiff_t stride);
  // Adds to `large`; `outside` takes what falls beyond the edge.
  void (*scatter)(const ConvolutionShape& shape, const float* points, std::ptrdiff_t stride, float* large,
                  float* outside);
  void (*join)(const ConvolutionShape& shape, const float* points, std::ptrdiff_t stride, float* small);
  void (*split)(const ConvolutionShape& shape, const float* small, float* points, std::ptrdiff_t stride);
};

inline constexpr int winograd_points = 9;

// The fastest set that this processor runs.
const WinogradKernels& winograd_kernels();

}  // namespace smflow::training
