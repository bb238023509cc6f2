#include "axis.hpp"

#include <algorithm>
#include <cmath>

namespace smflow::images {

namespace {

int round_up_to_4(int value) {
  return (value + 3) / 4 * 4;
}

// The order of operations is Pillow's: another order gives other last bits and now and then another byte.
struct Filter {
  double scale;
  double support;
  double reciprocal;

  Filter(int source, std::int64_t target)
      : scale(static_cast<double>(static_cast<float>(source)) / static_cast<double>(target)),
        support(std::max(scale, 1.0)),
        reciprocal(1.0 / support) {}
};

double triangle(double x) {
  return std::max(0.0, 1.0 - std::fabs(x));
}

std::int32_t fixed_point(double weight) {
  return static_cast<std::int32_t>(0.5 + weight * (1 << weight_bits));
}

void add_output(const Filter& filter, int source, std::int64_t output, std::vector<double>& weights, Axis& axis) {
  const double center = (static_cast<double>(output) + 0.5) * filter.scale;
  const int low = std::max(0, static_cast<int>(center - filter.support + 0.5));
  const int high = std::min(source, static_cast<int>(center + filter.support + 0.5));
  weights.clear();
  double sum = 0;
  for (int t = 0; t < high - low; ++t) {
    weights.push_back(triangle((t + low - center + 0.5) * filter.reciprocal));
    sum += weights.back();
  }
  const std::size_t place = axis.start.size() * static_cast<std::size_t>(axis.stride);
  for (std::size_t t = 0; t < weights.size(); ++t) {
    axis.weight[place + t] = fixed_point(sum != 0 ? weights[t] / sum : weights[t]);
  }
  axis.start.push_back(low);
  axis.count.push_back(high - low);
}

void put_group(const std::int32_t (&weights)[4], const int (&order)[4], std::int16_t* group) {
  for (int i = 0; i < 4; ++i) {
    group[i] = static_cast<std::int16_t>(weights[order[i]] >> 12);
    group[4 + i] = static_cast<std::int16_t>(weights[order[i]] & 4095);
  }
}

void split_across(Axis& axis) {
  axis.across_stride = 2 * axis.stride;
  axis.across.resize(axis.start.size() * static_cast<std::size_t>(axis.across_stride));
  for (int i = 0; i < axis.outputs(); ++i) {
    const std::int32_t* weight = &axis.weight[static_cast<std::size_t>(i) * static_cast<std::size_t>(axis.stride)];
    std::int16_t* group = &axis.across[static_cast<std::size_t>(i) * static_cast<std::size_t>(axis.across_stride)];
    axis.across_groups.push_back(round_up_to_4(axis.count[static_cast<std::size_t>(i)]) / 4);
    for (int g = 0; g < axis.across_groups.back(); ++g, weight += 4, group += 8) {
      put_group({weight[0], weight[1], weight[2], weight[3]}, {0, 1, 2, 3}, group);
    }
  }
}

void split_down(Axis& axis) {
  // Aligning a window down to a multiple of 4 can add one group.
  axis.down_stride = 2 * (axis.stride + 4);
  axis.down.resize(axis.start.size() * static_cast<std::size_t>(axis.down_stride));
  for (std::size_t i = 0; i < axis.start.size(); ++i) {
    const int begin = axis.start[i] - axis.first;
    const int aligned = begin / 4 * 4;
    const std::int32_t* weight = &axis.weight[i * static_cast<std::size_t>(axis.stride)];
    std::int16_t* group = &axis.down[i * static_cast<std::size_t>(axis.down_stride)];
    axis.down_start.push_back(aligned / 4);
    axis.down_groups.push_back(round_up_to_4(begin + axis.count[i] - aligned) / 4);
    for (int g = 0; g < axis.down_groups.back(); ++g, group += 8) {
      std::int32_t four[4] = {};
      for (int t = 0; t < 4; ++t) {
        const int tap = aligned + 4 * g + t - begin;
        if (tap >= 0 && tap < axis.count[i]) four[t] = weight[tap];
      }
      put_group(four, {0, 2, 1, 3}, group);
    }
  }
}

}  // namespace

Axis make_axis(int source, std::int64_t target, std::int64_t offset, int outputs) {
  const Filter filter(source, target);
  Axis axis;
  axis.stride = round_up_to_4(std::min(source, 2 * static_cast<int>(filter.support) + 3));
  axis.weight.resize(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(axis.stride));
  std::vector<double> weights;
  for (int i = 0; i < outputs; ++i) add_output(filter, source, offset + i, weights, axis);
  axis.first = *std::min_element(axis.start.begin(), axis.start.end());
  for (std::size_t i = 0; i < axis.start.size(); ++i) axis.end = std::max(axis.end, axis.start[i] + axis.count[i]);
  split_across(axis);
  split_down(axis);
  return axis;
}

}  // namespace smflow::images
