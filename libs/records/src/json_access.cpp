#include "json_access.hpp"

#include <cmath>

#include <smflow/base/json_number.hpp>
#include <smflow/base/timestamp.hpp>

namespace smflow::records {

const OrderedJson& member_at(const OrderedJson& json, JsonPath path) {
  static const OrderedJson nothing = nullptr;
  const OrderedJson* at = &json;
  for (const char* name : path) {
    if (!at->is_object()) return nothing;
    const auto found = at->find(name);
    if (found == at->end()) return nothing;
    at = &*found;
  }
  return *at;
}

std::string text_at(const OrderedJson& json, JsonPath path) {
  const OrderedJson& value = member_at(json, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t integer_at(const OrderedJson& json, JsonPath path, std::int64_t otherwise) {
  const OrderedJson& value = member_at(json, path);
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

double number_at(const OrderedJson& json, JsonPath path) {
  return number_of(member_at(json, path)).value_or(std::nan(""));
}

bool flag_at(const OrderedJson& json, JsonPath path) {
  const OrderedJson& value = member_at(json, path);
  return value.is_boolean() && value.get<bool>();
}

std::optional<WallTime> time_at(const OrderedJson& json, JsonPath path) {
  return parse_iso8601(text_at(json, path));
}

std::optional<std::chrono::seconds> seconds_at(const OrderedJson& json, JsonPath path) {
  const OrderedJson& value = member_at(json, path);
  if (!value.is_number_integer()) return std::nullopt;
  constexpr std::int64_t longest = 253'402'300'800;  // until the year 10000: sums with times cannot overflow
  const auto seconds = value.get<std::int64_t>();
  if (seconds < -longest || seconds > longest) return std::nullopt;
  return std::chrono::seconds(seconds);
}

bool is_nested_deeply(std::string_view json) {
  constexpr int deepest = 32;
  int depth = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (in_text) {
      if (c == '\\') ++at;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > deepest) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::string plain_text(const OrderedJson& value) {
  return value.is_string() ? value.get<std::string>() : compact(value);
}

OrderedJson ordered_document(const std::string& text) {
  // The limits of parse_json hold for this parser too.
  if (!parse_json(text, "the record")) return nullptr;
  const std::size_t mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  return OrderedJson::parse(text.begin() + static_cast<std::ptrdiff_t>(mark), text.end(), nullptr, false);
}

std::string compact(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string pretty(const OrderedJson& json) {
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace smflow::records
