#include "order.hpp"

#include <numeric>
#include <utility>

namespace smflow::images {

namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;

enum Stream : std::uint64_t { order_stream = 1, flip_stream = 2 };

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

std::uint64_t stream_state(std::uint64_t seed, std::uint64_t epoch, Stream stream) {
  return mix(mix(mix(seed + golden) + epoch + golden) + stream);
}

// A number below `limit` from 64 random bits, by the high half of the product.
std::uint32_t scaled(std::uint64_t random, std::uint64_t limit) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint32_t>((static_cast<Wide>(random) * limit) >> 64);
}

}  // namespace

std::vector<std::uint32_t> epoch_order(std::uint64_t seed, std::uint64_t epoch, std::size_t count, bool shuffle) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  if (!shuffle) return order;
  std::uint64_t state = stream_state(seed, epoch, order_stream);
  for (std::size_t i = count; i > 1; --i) {
    state += golden;
    std::swap(order[i - 1], order[scaled(mix(state), i)]);
  }
  return order;
}

bool is_flipped(std::uint64_t seed, std::uint64_t epoch, std::uint64_t index) {
  return (mix(stream_state(seed, epoch, flip_stream) + (index + 1) * golden) & 1) != 0;
}

}  // namespace smflow::images
