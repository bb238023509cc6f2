#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <smflow/training/tensor_bytes.hpp>

namespace smflow::training {

inline constexpr std::array<std::pair<ElementType, std::string_view>, 10> safetensors_types = {{
    {ElementType::float64, "F64"},
    {ElementType::float32, "F32"},
    {ElementType::float16, "F16"},
    {ElementType::bfloat16, "BF16"},
    {ElementType::int64, "I64"},
    {ElementType::int32, "I32"},
    {ElementType::int16, "I16"},
    {ElementType::int8, "I8"},
    {ElementType::uint8, "U8"},
    {ElementType::boolean, "BOOL"},
}};

constexpr std::string_view safetensors_name(ElementType type) {
  for (const auto& [candidate, name] : safetensors_types) {
    if (candidate == type) return name;
  }
  return {};
}

constexpr std::optional<ElementType> element_type(std::string_view name) {
  for (const auto& [type, candidate] : safetensors_types) {
    if (candidate == name) return type;
  }
  return std::nullopt;
}

}  // namespace smflow::training
