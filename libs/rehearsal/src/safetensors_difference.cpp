#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>

#include <smflow/base/json.hpp>
#include <smflow/rehearsal/model_files.hpp>

// The safetensors format: u64 length, JSON header, raw data, all little-endian (github.com/huggingface/safetensors,
// "Format").
namespace smflow::rehearsal {

namespace {

struct Tensor {
  std::string type;
  Json shape;
  std::string_view bytes;
};
using Tensors = std::map<std::string, Tensor>;

std::optional<Tensor> tensor_of(const Json& entry, std::string_view data) {
  if (!entry.is_object()) return std::nullopt;
  const Json type = entry.value("dtype", Json());
  const Json range = entry.value("data_offsets", Json());
  const bool is_range =
      range.is_array() && range.size() == 2 && range[0].is_number_unsigned() && range[1].is_number_unsigned();
  if (!type.is_string() || !is_range) return std::nullopt;
  const auto begin = range[0].get<std::uint64_t>();
  const auto end = range[1].get<std::uint64_t>();
  if (begin > end || end > data.size()) return std::nullopt;
  return Tensor{type.get<std::string>(), entry.value("shape", Json()), data.substr(begin, end - begin)};
}

std::optional<Tensors> tensors_of(std::string_view file) {
  std::uint64_t length = 0;
  if (file.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, file.data(), sizeof length);
  file.remove_prefix(sizeof length);
  if (length > file.size()) return std::nullopt;
  const auto header = parse_json(file.substr(0, length), "header");
  if (!header || !header->is_object()) return std::nullopt;
  Tensors tensors;
  for (const auto& [name, entry] : header->items()) {
    if (name == "__metadata__") continue;
    auto tensor = tensor_of(entry, file.substr(length));
    if (!tensor) return std::nullopt;
    tensors.emplace(name, *std::move(tensor));
  }
  return tensors;
}

template <class Stored>
Stored stored_at(std::string_view bytes, std::size_t index) {
  Stored value;
  std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
  return value;
}

double from_half(std::uint16_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  if (exponent == 31) return fraction != 0 ? std::nan("") : sign * HUGE_VAL;
  return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

double from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

double distance(double one, double other) {
  if (one == other || (std::isnan(one) && std::isnan(other))) return 0;
  const double distance = std::abs(one - other);
  return std::isnan(distance) ? HUGE_VAL : distance;
}

template <class Stored, class Decode>
double largest(std::string_view one, std::string_view other, const Decode& decode) {
  double found = 0;
  for (std::size_t i = 0; i < one.size() / sizeof(Stored); ++i) {
    found = std::max(found, distance(decode(stored_at<Stored>(one, i)), decode(stored_at<Stored>(other, i))));
  }
  return found;
}

double largest(const Tensor& one, const Tensor& other) {
  const auto as_it_is = [](auto value) { return static_cast<double>(value); };
  if (one.type == "F32") return largest<float>(one.bytes, other.bytes, as_it_is);
  if (one.type == "F64") return largest<double>(one.bytes, other.bytes, as_it_is);
  if (one.type == "F16") return largest<std::uint16_t>(one.bytes, other.bytes, from_half);
  if (one.type == "BF16") return largest<std::uint16_t>(one.bytes, other.bytes, from_bfloat);
  return 0;
}

bool are_alike(const Tensors& one, const Tensors& other) {
  return std::ranges::equal(one, other, [](const auto& mine, const auto& others) {
    return mine.first == others.first && mine.second.type == others.second.type &&
           mine.second.shape == others.second.shape && mine.second.bytes.size() == others.second.bytes.size();
  });
}

}  // namespace

std::optional<TensorDifference> largest_difference(std::string_view one, std::string_view other) {
  const auto mine = tensors_of(one);
  const auto others = tensors_of(other);
  if (!mine || !others || !are_alike(*mine, *others)) return std::nullopt;
  TensorDifference found;
  for (const auto& [name, tensor] : *mine) {
    const double difference = largest(tensor, others->at(name));
    if (difference > found.largest) found = {name, difference};
  }
  return found.tensor.empty() ? std::nullopt : std::optional(found);
}

}  // namespace smflow::rehearsal
