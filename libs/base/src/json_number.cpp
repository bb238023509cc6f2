#include <cmath>
#include <limits>

#include <smflow/base/json_number.hpp>

namespace smflow {

namespace {

template <class AnyJson>
std::optional<double> read(const AnyJson& json) {
  if (json.is_number()) return json.template get<double>();
  if (json == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (json == "Infinity") return std::numeric_limits<double>::infinity();
  if (json == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

}  // namespace

OrderedJson json_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

std::optional<double> number_of(const Json& json) {
  return read(json);
}

std::optional<double> number_of(const OrderedJson& json) {
  return read(json);
}

std::string number_text(double value) {
  const OrderedJson json = json_number(value);
  return json.is_string() ? json.get<std::string>() : json.dump();
}

}  // namespace smflow
