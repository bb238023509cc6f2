#include "number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace smflow::config {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

struct Shape {
  NumberFault fault = NumberFault::malformed;
  bool whole = false;  // neither point nor exponent
};

// [+-] digits [. digits] [e [+-] digits], with a digit on at least one side of the point.
Shape shape_of(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::string_view unsigned_text = text.substr(at);
  if (unsigned_text.size() > 2 && unsigned_text[0] == '0' && (unsigned_text[1] | 0x20) >= 'a') {
    if (std::string_view("xob").find(static_cast<char>(unsigned_text[1] | 0x20)) != std::string_view::npos) {
      return {NumberFault::other_base};
    }
  }
  const std::size_t before = digits_at(text, at);
  at += before;
  if (before > 0 && at < text.size() && text[at] == '_') return {NumberFault::underscores};
  Shape shape{.whole = true};
  std::size_t after = 0;
  if (at < text.size() && text[at] == '.') {
    after = digits_at(text, ++at);
    at += after;
    shape.whole = false;
  }
  if (before + after == 0) return shape;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return shape;
    at += exponent;
    shape.whole = false;
  }
  if (at != text.size()) return shape;
  shape.fault = before > 1 && unsigned_text[0] == '0' ? NumberFault::leading_zeros : NumberFault::none;
  return shape;
}

std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') ? text.substr(1) : text;
}

}  // namespace

Number<double> parse_number(std::string_view text) {
  const Shape shape = shape_of(text);
  if (shape.fault != NumberFault::none) return {shape.fault};
  text = without_plus(text);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc::result_out_of_range || !std::isfinite(value)) return {NumberFault::too_large};
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return {NumberFault::malformed};
  return {NumberFault::none, value};
}

Number<std::int64_t> parse_whole(std::string_view text) {
  const Shape shape = shape_of(text);
  if (shape.fault != NumberFault::none) return {shape.fault};
  if (shape.whole) {
    text = without_plus(text);
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc::result_out_of_range) return {NumberFault::too_large};
    return {NumberFault::none, value};
  }
  const Number<double> number = parse_number(text);
  if (number.fault != NumberFault::none) return {number.fault};
  if (std::trunc(number.value) != number.value) return {NumberFault::not_whole};
  // Above 2^53 a double no longer holds every whole number.
  if (std::abs(number.value) > 9007199254740992.0) return {NumberFault::too_large};
  return {NumberFault::none, static_cast<std::int64_t>(number.value)};
}

std::string number_text(double value) {
  char buffer[64];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, written.ptr);
  if (text.find('.') != std::string::npos) return text;
  const std::size_t exponent = text.find('e');
  return text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
}

std::string number_meant(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != '_') plain += c;
  }
  const std::size_t sign = !plain.empty() && (plain[0] == '-' || plain[0] == '+') ? 1 : 0;
  while (plain.size() > sign + 1 && plain[sign] == '0' && is_digit(plain[sign + 1])) plain.erase(sign, 1);
  return shape_of(plain).fault == NumberFault::none ? plain : std::string{};
}

}  // namespace smflow::config
