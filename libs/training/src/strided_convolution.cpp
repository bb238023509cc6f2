#include "smflow/training/strided_convolution.hpp"

#include "matrix_convolution.hpp"

#include <torch/torch.h>

namespace smflow::training {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Wanted = MatrixConvolution::Wanted;

ConvolutionShape shape_of(const at::Tensor& small_or_large, const at::Tensor& weight, std::int64_t scale) {
  return {.images = small_or_large.size(0),
          .height = small_or_large.size(2) / scale,
          .width = small_or_large.size(3) / scale,
          .channels = weight.size(1),
          .filters = weight.size(0)};
}

bool matrix_form(const at::Tensor& images, const at::Tensor& weight, std::int64_t scale) {
  return images.size(2) % scale == 0 && images.size(3) % scale == 0 &&
         MatrixConvolution::supports(images, weight, images.size(2) / scale, images.size(3) / scale);
}

// What both directions of a node's backward pass share: the gradient of the weight, and of the images, when wanted.
variable_list gradients(AutogradContext* context, const MatrixConvolution& convolution,
                        const MatrixConvolution::Sides& sides, Wanted images_side) {
  const bool for_images = context->needs_input_grad(0), for_weight = context->needs_input_grad(1);
  const at::Tensor prepared = context->saved_data["prepared"].toTensor();
  at::Tensor weight_gradient;
  const at::Tensor images_gradient = convolution.run(sides, prepared, for_images ? images_side : Wanted::none,
                                                     for_weight ? &weight_gradient : nullptr);
  if (for_weight) weight_gradient = convolution.weight_gradient(weight_gradient);
  return {images_gradient, weight_gradient};
}

struct Convolution : torch::autograd::Function<Convolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& images, const at::Tensor& weight) {
    const MatrixConvolution convolution(shape_of(images, weight, 2));
    const at::Tensor prepared = convolution.prepare_weight(weight.detach());
    context->save_for_backward({images, weight});
    context->saved_data["prepared"] = prepared;
    return convolution.run({.large = images}, prepared, Wanted::small, nullptr);
  }
  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const auto saved = context->get_saved_variables();
    const MatrixConvolution convolution(shape_of(saved[0], saved[1], 2));
    return gradients(context, convolution, {.large = saved[0], .small = outputs[0]}, Wanted::large);
  }
};

struct TransposedConvolution : torch::autograd::Function<TransposedConvolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& images, const at::Tensor& weight) {
    const MatrixConvolution convolution(shape_of(images, weight, 1));
    const at::Tensor prepared = convolution.prepare_weight(weight.detach());
    context->save_for_backward({images, weight});
    context->saved_data["prepared"] = prepared;
    return convolution.run({.small = images}, prepared, Wanted::large, nullptr);
  }
  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const auto saved = context->get_saved_variables();
    const MatrixConvolution convolution(shape_of(saved[0], saved[1], 1));
    return gradients(context, convolution, {.large = outputs[0], .small = saved[0]}, Wanted::small);
  }
};

// libtorch 1.13 has no transposed convolution of bfloat16 on a CPU. The gradients of the plain one are the same thing.
struct TransposedByGradients : torch::autograd::Function<TransposedByGradients> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& images, const at::Tensor& weight) {
    context->save_for_backward({images, weight});
    const at::Tensor large =
        at::empty({images.size(0), weight.size(1), 2 * images.size(2), 2 * images.size(3)}, images.options());
    return std::get<0>(gradients_of_convolution(images, large, weight, {true, false, false}));
  }
  static variable_list backward(AutogradContext* context, const variable_list& outputs) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &images = saved[0], &weight = saved[1];
    const auto weight_gradient = gradients_of_convolution(images, outputs[0], weight, {false, true, false});
    return {at::conv2d(outputs[0], weight, {}, 2, 1), std::get<1>(weight_gradient)};
  }

 private:
  static std::tuple<at::Tensor, at::Tensor, at::Tensor> gradients_of_convolution(const at::Tensor& small,
                                                                                 const at::Tensor& large,
                                                                                 const at::Tensor& weight,
                                                                                 std::array<bool, 3> wanted) {
    return at::convolution_backward(small, large, weight, at::OptionalIntArrayRef(), {2, 2}, {1, 1}, {1, 1}, false,
                                    {0, 0}, 1, wanted);
  }
};

}  // namespace

at::Tensor strided_convolution(const at::Tensor& images, const at::Tensor& weight, Precision precision) {
  if (precision == Precision::float32 && matrix_form(images, weight, 2)) return Convolution::apply(images, weight);
  const at::ScalarType type = precision == Precision::bfloat16 ? at::kBFloat16 : images.scalar_type();
  return at::conv2d(images.to(type), weight.to(type), {}, 2, 1).to(images.scalar_type());
}

at::Tensor transposed_convolution(const at::Tensor& images, const at::Tensor& weight, Precision precision) {
  if (precision == Precision::float32 && matrix_form(images, weight, 1)) {
    return TransposedConvolution::apply(images, weight);
  }
  const at::ScalarType type = precision == Precision::bfloat16 ? at::kBFloat16 : images.scalar_type();
  if (type == at::kBFloat16 && images.is_cpu()) {
    return TransposedByGradients::apply(images.to(type), weight.to(type)).to(images.scalar_type());
  }
  return at::conv_transpose2d(images.to(type), weight.to(type), {}, 2, 1).to(images.scalar_type());
}

}  // namespace smflow::training
