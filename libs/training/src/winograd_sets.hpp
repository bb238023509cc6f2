#pragma once

#include "convolution_kernels.hpp"

// One set of kernels for each instruction set, from the same source (winograd_kernels.inc).
namespace smflow::training {
namespace winograd_baseline {
extern const WinogradKernels kernels;
}
namespace winograd_avx2 {
extern const WinogradKernels kernels;
}
namespace winograd_avx512 {
extern const WinogradKernels kernels;
}
}  // namespace smflow::training
