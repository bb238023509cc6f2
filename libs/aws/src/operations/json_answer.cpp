#include "operations/json_answer.hpp"

#include <cmath>

namespace smflow::aws {

const Json* member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_at(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value == nullptr ? std::string() : value->get<std::string>();
}

std::optional<WallTime> time_at(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (value == nullptr) return std::nullopt;
  constexpr double last_second = 253'402'300'800;  // the year 10000
  const double seconds = value->get<double>();
  if (!(std::abs(seconds) < last_second)) return std::nullopt;
  return WallTime{std::chrono::milliseconds{std::llround(seconds * 1000)}};
}

const Json& list_at(const Json& object, const char* name) {
  static const Json none = Json::array();
  const Json* value = member(object, name);
  if (value == nullptr) return none;
  static_cast<void>(value->get_ref<const Json::array_t&>());
  return *value;
}

}  // namespace smflow::aws
