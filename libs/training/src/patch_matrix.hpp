#pragma once

#include "convolution_kernels.hpp"

namespace smflow::training {

// One row a pixel of the smaller side, the 4x4 pixels it sees times channels in it, zeros beyond the edge.
void patches_to_rows(const ConvolutionShape& shape, const float* large, float* rows);

// The transpose: adds every row to the pixels it came from.
void add_rows_to_patches(const ConvolutionShape& shape, const float* rows, float* large);

}  // namespace smflow::training
