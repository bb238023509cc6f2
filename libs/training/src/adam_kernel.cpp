#include "adam_kernel.hpp"

#include <cmath>

namespace smflow::training {

void adam_update(const AdamFactors& f, std::int64_t count, const float* __restrict gradient,
                 float* __restrict parameter, float* __restrict first, float* __restrict second) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float g = gradient[i];
    const float m = first[i] = f.beta_1 * first[i] + f.rest_1 * g;
    const float v = second[i] = f.beta_2 * second[i] + f.rest_2 * g * g;
    parameter[i] -= f.step_size * (m / (std::sqrt(v) / f.root_scale + f.epsilon));
  }
}

}  // namespace smflow::training
