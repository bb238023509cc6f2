#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::training {

enum class ElementType { float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

constexpr std::size_t element_size(ElementType type) {
  switch (type) {
    case ElementType::float64:
    case ElementType::int64:
      return 8;
    case ElementType::float32:
    case ElementType::int32:
      return 4;
    case ElementType::float16:
    case ElementType::bfloat16:
    case ElementType::int16:
      return 2;
    case ElementType::int8:
    case ElementType::uint8:
    case ElementType::boolean:
      return 1;
  }
  return 0;
}

// A tensor as files know it: dense, row-major, little-endian. Does not own the bytes.
struct TensorBytes {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> shape;  // empty: a scalar
  std::string_view bytes;
};

}  // namespace smflow::training
