#pragma once

#include <cstdint>
#include <vector>

namespace smflow::images {

// The triangle filter of Pillow's resize along one axis, for the outputs that survive the crop: output i is the sum of
// `count[i]` source pixels from `start[i]` on, times fixed-point weights with 22 bits after the point.
struct Axis {
  int first = 0;  // the source pixels that any output touches: [first, end)
  int end = 0;
  int stride = 0;  // weights kept for an output; a multiple of 4, the unused ones are 0
  std::vector<int> start;
  std::vector<int> count;
  std::vector<std::int32_t> weight;

  // The weights as w = high * 4096 + low, so that each half fits the 16-bit multiply-add of SSE and AVX, in groups of
  // 8 numbers for 4 pixels.
  // across: h0 h1 h2 h3 l0 l1 l2 l3 for the pixels from start[i] on.
  // down:   h0 h2 h1 h3 l0 l2 l1 l3 for the pixels from down_start[i] on, which is a multiple of 4 after `first`.
  std::vector<int> across_groups;  // groups of an output
  std::vector<std::int16_t> across;
  std::vector<int> down_start;  // relative to first, divided by 4
  std::vector<int> down_groups;
  std::vector<std::int16_t> down;
  int across_stride = 0;  // numbers kept for an output
  int down_stride = 0;

  int outputs() const { return static_cast<int>(start.size()); }
};

constexpr int weight_bits = 22;

// Outputs [offset, offset + outputs) of a resize from `source` to `target` pixels. All arguments are at least 1, but
// offset, which is at least 0.
Axis make_axis(int source, std::int64_t target, std::int64_t offset, int outputs);

}  // namespace smflow::images
