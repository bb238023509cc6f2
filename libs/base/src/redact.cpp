#include <array>
#include <cctype>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
// Base64, also in a URL and percent-encoded.
bool is_token(char c) {
  return is_word(c) || std::string_view("/+=_-.%").find(c) != std::string_view::npos;
}
// Between a label and its value: shell, YAML, XML, JSON, and JSON inside of JSON.
bool is_separator(char c) {
  return std::string_view("\"' :=>\\\t").find(c) != std::string_view::npos;
}
bool is_upper_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool starts_with_ignoring_case(std::string_view text, std::string_view upper) {
  if (text.size() < upper.size()) return false;
  for (std::size_t i = 0; i < upper.size(); ++i) {
    if (std::toupper(static_cast<unsigned char>(text[i])) != upper[i]) return false;
  }
  return true;
}

// Access key ids: AKIA (long-term) or ASIA (temporary) and 16 upper-case letters or digits.
std::size_t access_key_id(std::string_view text) {
  if (text.substr(0, 4) != "AKIA" && text.substr(0, 4) != "ASIA") return 0;
  std::size_t end = 4;
  while (end < text.size() && is_upper_or_digit(text[end])) ++end;
  return end == 20 ? end : 0;
}

// What stands before a secret. The value must be long, so that "token: 5" in a
// training log stays.
constexpr std::array<std::string_view, 10> labels = {
    "SECRET_ACCESS_KEY", "SECRET-ACCESS-KEY", "SECRETACCESSKEY", "SESSION_TOKEN",      "SESSION-TOKEN",
    "SESSIONTOKEN",      "SECURITY-TOKEN",    "SECURITY_TOKEN",  "AUTHORIZATIONTOKEN", "SIGNATURE"};
constexpr std::size_t shortest_secret = 16;

// Length of a label at the start of `text` together with what stands between it and its value; 0 when there is none.
std::size_t label_length(std::string_view text) {
  for (const std::string_view label : labels) {
    if (!starts_with_ignoring_case(text, label)) continue;
    std::size_t value = label.size();
    while (value < text.size() && is_separator(text[value])) ++value;
    return value > label.size() ? value : 0;
  }
  return 0;
}

}  // namespace

bool names_a_secret(std::string_view name) {
  const std::string upper = to_upper(name);
  for (const char* word : {"SECRET", "PASSWORD", "TOKEN", "PRIVATE", "CREDS", "CREDENTIAL"}) {
    if (upper.find(word) != std::string::npos) return true;
  }
  for (std::size_t at = upper.find("KEY"); at != std::string::npos; at = upper.find("KEY", at + 1)) {
    const bool begins = at == 0 || !is_word(upper[at - 1]);
    const bool ends = at + 3 == upper.size() || !is_word(upper[at + 3]);
    if (begins && ends) return true;
  }
  return false;
}

std::string redact(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  bool inside_id = false;  // in a run of capitals and digits, where no key id begins
  while (!text.empty()) {
    if (const std::size_t id = inside_id ? 0 : access_key_id(text); id != 0) {
      clean += "[redacted:access-key-id]";
      text.remove_prefix(id);
      continue;
    }
    if (const std::size_t value = label_length(text); value != 0) {
      std::size_t end = value;
      while (end < text.size() && is_token(text[end])) ++end;
      if (end - value >= shortest_secret) {
        clean.append(text.substr(0, value)).append("[redacted:secret]");
        text.remove_prefix(end);
        inside_id = false;
        continue;
      }
    }
    inside_id = is_upper_or_digit(text.front());
    clean += text.front();
    text.remove_prefix(1);
  }
  return clean;
}

}  // namespace smflow
