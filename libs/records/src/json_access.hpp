#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/json.hpp>

// Reading JSON that another version, or anybody, has written: what is missing or has another type is the empty value.
namespace smflow::records {

using JsonPath = std::initializer_list<const char*>;

// Null when it is not there.
const OrderedJson& member_at(const OrderedJson& json, JsonPath path);
std::string text_at(const OrderedJson& json, JsonPath path);
std::int64_t integer_at(const OrderedJson& json, JsonPath path, std::int64_t otherwise = 0);
// Also the texts of json_number.hpp; NaN when it is neither.
double number_at(const OrderedJson& json, JsonPath path);
bool flag_at(const OrderedJson& json, JsonPath path);
std::optional<WallTime> time_at(const OrderedJson& json, JsonPath path);
std::optional<std::chrono::seconds> seconds_at(const OrderedJson& json, JsonPath path);
// More than 32 levels, which writing it again would need the stack for. Faster than parse_json, which has limits, too.
bool is_nested_deeply(std::string_view json);
// A text as it is, anything else as JSON.
std::string plain_text(const OrderedJson& value);

// A document with its members in their order; null when `text` is none.
OrderedJson ordered_document(const std::string& text);

std::string compact(const OrderedJson& json);
std::string pretty(const OrderedJson& json);

}  // namespace smflow::records
