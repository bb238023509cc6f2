#include "convolution_kernels.hpp"
#include "winograd_sets.hpp"

namespace smflow::training {

const WinogradKernels& winograd_kernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return winograd_avx512::kernels;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return winograd_avx2::kernels;
#endif
  return winograd_baseline::kernels;
}

}  // namespace smflow::training
