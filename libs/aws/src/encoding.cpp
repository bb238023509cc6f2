#include <array>

#include <smflow/aws/encoding.hpp>

namespace smflow::aws {

namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::span<const unsigned char> as_bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

// The up to three bytes of four digits; none when a digit is wrong or bits that no byte holds are set.
std::optional<std::string> decode_quad(std::string_view quad) {
  const std::size_t digits = quad.ends_with("==") ? 2 : quad.ends_with('=') ? 3 : 4;
  unsigned bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::size_t value = base64_digits.find(quad[i]);
    if (value == std::string_view::npos) return std::nullopt;
    bits |= static_cast<unsigned>(value) << (18 - 6 * i);
  }
  const std::string bytes = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
  const std::size_t size = digits - 1;
  if ((bits & (0xffffffu >> (8 * size))) != 0) return std::nullopt;
  return bytes.substr(0, size);
}

}  // namespace

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string to_base64(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const unsigned bits = bytes[at] << 16 | (left > 1 ? bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] : 0);
    text += base64_digits[bits >> 18];
    text += base64_digits[bits >> 12 & 63];
    text += left > 1 ? base64_digits[bits >> 6 & 63] : '=';
    text += left > 2 ? base64_digits[bits & 63] : '=';
  }
  return text;
}

std::string to_base64(std::string_view bytes) {
  return to_base64(as_bytes(bytes));
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const auto three = decode_quad(text.substr(at, 4));
    if (!three || (three->size() < 3 && at + 4 != text.size())) return std::nullopt;
    bytes += *three;
  }
  return bytes;
}

std::string percent_encode(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

}  // namespace smflow::aws
