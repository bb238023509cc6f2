#include <cstdint>

#include <smflow/base/base64.hpp>

namespace smflow {

namespace {

constexpr std::string_view standard_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The up to three bytes of four digits; none when a digit is wrong or bits that no byte holds are set.
std::optional<std::string> decode_quad(std::string_view quad) {
  const std::size_t digits = quad.ends_with("==") ? 2 : quad.ends_with('=') ? 3 : 4;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::size_t value = standard_digits.find(quad[i]);
    if (value == std::string_view::npos) return std::nullopt;
    bits |= static_cast<std::uint32_t>(value) << (18 - 6 * i);
  }
  const std::string bytes = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
  const std::size_t size = digits - 1;
  if ((bits & (0xffffffu >> (8 * size))) != 0) return std::nullopt;
  return bytes.substr(0, size);
}

}  // namespace

std::string to_base64(std::string_view bytes, Base64 alphabet) {
  const std::string_view digits = alphabet == Base64::for_urls ? url_digits : standard_digits;
  const auto byte = [&](std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) : 0;
  };
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    text += digits[bits >> 18];
    text += digits[bits >> 12 & 63];
    text += at + 1 < bytes.size() ? digits[bits >> 6 & 63] : '=';
    text += at + 2 < bytes.size() ? digits[bits & 63] : '=';
  }
  return text;
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

}  // namespace smflow
