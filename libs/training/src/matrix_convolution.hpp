#pragma once

#include "convolution_kernels.hpp"

#include <torch/types.h>

namespace smflow::training {

// The three products of a 4x4 stride-2 convolution on channels-last float32 CPU tensors, in chunks of whole pictures
// that are shared out among ATen's threads. "Large" is the side with 2H x 2W pixels and C channels, "small" the one
// with H x W pixels and K channels; weights come prepared by prepare_weight.
class MatrixConvolution {
 public:
  explicit MatrixConvolution(const ConvolutionShape& shape);

  // True when the tensors can be computed here; `weight` is [K, C, 4, 4].
  static bool supports(const at::Tensor& images, const at::Tensor& weight, std::int64_t small_height,
                       std::int64_t small_width);

  at::Tensor prepare_weight(const at::Tensor& weight) const;              // [K, C, 4, 4] -> [points, depth, K]
  at::Tensor weight_gradient(const at::Tensor& prepared_gradient) const;  // and back, transposed

  struct Sides {
    at::Tensor large = {};
    at::Tensor small = {};
  };
  enum class Wanted { none, large, small };
  // From the sides given: the wanted other side, made with `prepared`; and, when `gradient` is a tensor, adds to it the
  // gradient of the prepared weight that belongs to both sides given.
  at::Tensor run(const Sides& given, const at::Tensor& prepared, Wanted wanted, at::Tensor* gradient) const;

 private:
  struct Scratch;
  struct Work;
  void run_chunk(const Work& work, Scratch& scratch, std::int64_t first, std::int64_t count) const;
  void gather(const float* large, Scratch& scratch, std::int64_t count) const;
  void scatter(const Scratch& scratch, float* large, float* outside, std::int64_t count) const;
  void split(const float* small, Scratch& scratch, std::int64_t count) const;
  void join(const Scratch& scratch, float* small, std::int64_t count) const;
  at::Tensor empty_side(std::int64_t channels, std::int64_t scale) const;

  ConvolutionShape shape_;
  bool winograd_;
  std::int64_t points_;
  std::int64_t depth_;  // columns of the larger side's matrices
  std::int64_t tiles_;  // rows a picture
};

}  // namespace smflow::training
