#include "convolution_kernels.hpp"
#include "winograd_sets.hpp"

namespace smflow::training::winograd_avx2 {

#include "winograd_kernels.inc"

}  // namespace smflow::training::winograd_avx2
