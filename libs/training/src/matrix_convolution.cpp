#include "matrix_convolution.hpp"

#include "patch_matrix.hpp"

#include <algorithm>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

namespace smflow::training {

namespace {

// Fewer channels than this leave Winograd's products too thin; then all 16 taps make one product.
constexpr std::int64_t least_winograd_channels = 8;
// Rows of a product: enough to keep the matrix kernels busy, few enough for the second-level cache.
constexpr std::int64_t chunk_rows = 256;
// Floats between the end of one point's matrix and the next, so that the nine do not fall on the same cache lines.
constexpr std::int64_t point_gap = 16;

at::Tensor matrix(float* data, std::int64_t rows, std::int64_t columns) {
  return at::from_blob(data, {rows, columns}, at::kFloat);
}

}  // namespace

// Matrices of one thread, all points of a chunk: large [rows x depth], small [rows x filters].
struct MatrixConvolution::Scratch {
  Scratch(const MatrixConvolution& c, std::int64_t pictures)
      : rows(pictures * c.tiles_),
        large_stride(rows * c.depth_ + point_gap),
        small_stride(rows * c.shape_.filters + point_gap),
        large(at::empty({c.points_ * large_stride})),
        small(at::empty({c.points_ * small_stride})),
        zeros(at::zeros({c.shape_.channels})),
        outside(at::zeros({c.shape_.channels})) {}

  at::Tensor large_at(std::int64_t point, std::int64_t count, std::int64_t depth) const {
    return matrix(large.data_ptr<float>() + point * large_stride, count, depth);
  }
  at::Tensor small_at(std::int64_t point, std::int64_t count, std::int64_t filters) const {
    return matrix(small.data_ptr<float>() + point * small_stride, count, filters);
  }

  std::int64_t rows, large_stride, small_stride;
  at::Tensor large, small, zeros, outside;
};

struct MatrixConvolution::Work {
  const float* large = nullptr;  // given sides
  const float* small = nullptr;
  float* made_large = nullptr;  // the wanted one
  float* made_small = nullptr;
  at::Tensor prepared = {};
  at::Tensor gradient = {};  // of this thread; undefined when not wanted
};

MatrixConvolution::MatrixConvolution(const ConvolutionShape& shape)
    : shape_(shape),
      winograd_(shape.channels >= least_winograd_channels && shape.height % 2 == 0 && shape.width % 2 == 0),
      points_(winograd_ ? winograd_points : 1),
      depth_((winograd_ ? 4 : 16) * shape.channels),
      tiles_(shape.height * shape.width / (winograd_ ? 4 : 1)) {}

bool MatrixConvolution::supports(const at::Tensor& images, const at::Tensor& weight, std::int64_t small_height,
                                 std::int64_t small_width) {
  return images.is_cpu() && weight.is_cpu() && images.scalar_type() == at::kFloat &&
         weight.scalar_type() == at::kFloat && images.numel() > 0 && small_height > 0 && small_width > 0;
}

at::Tensor MatrixConvolution::prepare_weight(const at::Tensor& weight) const {
  const std::int64_t filters = shape_.filters, channels = shape_.channels;
  // Contiguous, since the matrix kernels round differently for another layout.
  if (!winograd_) return weight.permute({2, 3, 1, 0}).reshape({1, depth_, filters}).contiguous();
  // [K, C, p, q, p', r] -> [p, p', q, r, C, K]: tap (p, p') of phase (q, r) is weight (2p + q, 2p' + r).
  const at::Tensor g = weight.reshape({filters, channels, 2, 2, 2, 2}).permute({2, 4, 3, 5, 1, 0}).contiguous();
  const at::Tensor rows = at::stack({g[0], g[0] + g[1], g[1]});
  const at::Tensor first = rows.select(1, 0), second = rows.select(1, 1);
  return at::stack({first, first + second, second}, 1).reshape({points_, depth_, filters});
}

at::Tensor MatrixConvolution::weight_gradient(const at::Tensor& prepared) const {
  const std::int64_t filters = shape_.filters, channels = shape_.channels;
  if (!winograd_) return prepared.reshape({4, 4, channels, filters}).permute({3, 2, 0, 1}).contiguous();
  const at::Tensor u = prepared.reshape({3, 3, 2, 2, channels, filters});
  const at::Tensor rows = at::stack({u[0] + u[1], u[1] + u[2]});
  const at::Tensor middle = rows.select(1, 1);
  const at::Tensor g = at::stack({rows.select(1, 0) + middle, middle + rows.select(1, 2)}, 1);
  return g.permute({5, 4, 0, 2, 1, 3}).reshape({filters, channels, 4, 4});
}

void MatrixConvolution::gather(const float* large, Scratch& scratch, std::int64_t count) const {
  const std::int64_t picture = 4 * shape_.height * shape_.width * shape_.channels;
  for (std::int64_t i = 0; i < count; ++i) {
    float* const rows = scratch.large.data_ptr<float>() + i * tiles_ * depth_;
    if (winograd_) {
      winograd_kernels().gather(shape_, large + i * picture, scratch.zeros.data_ptr<float>(), rows,
                                scratch.large_stride);
    } else {
      patches_to_rows(shape_, large + i * picture, rows);
    }
  }
}

void MatrixConvolution::scatter(const Scratch& scratch, float* large, float* outside, std::int64_t count) const {
  const std::int64_t picture = 4 * shape_.height * shape_.width * shape_.channels;
  for (std::int64_t i = 0; i < count; ++i) {
    const float* const rows = scratch.large.data_ptr<float>() + i * tiles_ * depth_;
    float* const target = large + i * picture;
    std::fill(target, target + picture, 0.0f);
    if (winograd_) {
      winograd_kernels().scatter(shape_, rows, scratch.large_stride, target, outside);
    } else {
      add_rows_to_patches(shape_, rows, target);
    }
  }
}

void MatrixConvolution::split(const float* small, Scratch& scratch, std::int64_t count) const {
  const std::int64_t picture = shape_.height * shape_.width * shape_.filters;
  float* const points = scratch.small.data_ptr<float>();
  if (!winograd_) {
    std::copy(small, small + count * picture, points);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    winograd_kernels().split(shape_, small + i * picture, points + i * tiles_ * shape_.filters, scratch.small_stride);
  }
}

void MatrixConvolution::join(const Scratch& scratch, float* small, std::int64_t count) const {
  const std::int64_t picture = shape_.height * shape_.width * shape_.filters;
  const float* const points = scratch.small.data_ptr<float>();
  if (!winograd_) {
    std::copy(points, points + count * picture, small);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    winograd_kernels().join(shape_, points + i * tiles_ * shape_.filters, scratch.small_stride, small + i * picture);
  }
}

void MatrixConvolution::run_chunk(const Work& work, Scratch& scratch, std::int64_t first, std::int64_t count) const {
  const std::int64_t large_picture = 4 * shape_.height * shape_.width * shape_.channels;
  const std::int64_t small_picture = shape_.height * shape_.width * shape_.filters;
  const std::int64_t rows = count * tiles_;
  if (work.large) gather(work.large + first * large_picture, scratch, count);
  if (work.small) split(work.small + first * small_picture, scratch, count);
  for (std::int64_t p = 0; p < points_; ++p) {
    at::Tensor large = scratch.large_at(p, rows, depth_), small = scratch.small_at(p, rows, shape_.filters);
    if (work.gradient.defined()) work.gradient[p].addmm_(large.t(), small);
    if (work.made_small) at::mm_out(small, large, work.prepared[p]);
    if (work.made_large) at::mm_out(large, small, work.prepared[p].t());
  }
  if (work.made_small) join(scratch, work.made_small + first * small_picture, count);
  if (work.made_large) {
    scatter(scratch, work.made_large + first * large_picture, scratch.outside.data_ptr<float>(), count);
  }
}

at::Tensor MatrixConvolution::empty_side(std::int64_t channels, std::int64_t scale) const {
  return at::empty({shape_.images, channels, scale * shape_.height, scale * shape_.width},
                   at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
}

at::Tensor MatrixConvolution::run(const Sides& given, const at::Tensor& prepared, Wanted wanted,
                                  at::Tensor* gradient) const {
  const at::NoGradGuard no_gradient;
  Work work{.prepared = prepared};
  const auto plain = [](const at::Tensor& side) {
    return side.defined() ? side.contiguous(at::MemoryFormat::ChannelsLast) : side;
  };
  const Sides sides{plain(given.large), plain(given.small)};
  if (sides.large.defined()) work.large = sides.large.data_ptr<float>();
  if (sides.small.defined()) work.small = sides.small.data_ptr<float>();
  at::Tensor made;
  if (wanted == Wanted::small) work.made_small = (made = empty_side(shape_.filters, 1)).data_ptr<float>();
  if (wanted == Wanted::large) work.made_large = (made = empty_side(shape_.channels, 2)).data_ptr<float>();

  const std::int64_t threads = at::get_num_threads();
  const std::int64_t share = (shape_.images + threads - 1) / threads;
  const std::int64_t chunk = std::clamp<std::int64_t>(chunk_rows / tiles_, 1, share);
  std::vector<at::Tensor> gradients((shape_.images + share - 1) / share);
  at::parallel_for(0, static_cast<std::int64_t>(gradients.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    const at::NoGradGuard no_gradient_here;
    Scratch scratch(*this, chunk);
    for (std::int64_t part = begin; part < end; ++part) {
      Work mine = work;
      if (gradient != nullptr) mine.gradient = gradients[part] = at::zeros({points_, depth_, shape_.filters});
      const std::int64_t last = std::min(shape_.images, (part + 1) * share);
      for (std::int64_t i = part * share; i < last; i += chunk) run_chunk(mine, scratch, i, std::min(chunk, last - i));
    }
  });
  if (gradient != nullptr) {
    *gradient = gradients.front();
    for (std::size_t i = 1; i < gradients.size(); ++i) gradient->add_(gradients[i]);
  }
  return made;
}

}  // namespace smflow::training
