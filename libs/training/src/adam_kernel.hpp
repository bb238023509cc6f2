#pragma once

#include <cstdint>

namespace smflow::training {

struct AdamFactors {
  float beta_1 = 0;
  float beta_2 = 0;
  float rest_1 = 0;      // 1 - beta_1
  float rest_2 = 0;      // 1 - beta_2
  float step_size = 0;   // learning rate / (1 - beta_1^t)
  float root_scale = 0;  // sqrt(1 - beta_2^t)
  float epsilon = 0;
};

// One Adam update of `count` elements that lie in one piece in all four arrays.
void adam_update(const AdamFactors& factors, std::int64_t count, const float* gradient, float* parameter, float* first,
                 float* second);

}  // namespace smflow::training
