#include <array>
#include <cctype>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool is_token(char c) {
  return is_word(c) || c == '/' || c == '+' || c == '=' || c == '_' || c == '-' || c == '.';
}

// Access key ids: AKIA (long-term) or ASIA (temporary) and 16 upper-case letters or digits.
std::size_t access_key_id(std::string_view text) {
  if (text.substr(0, 4) != "AKIA" && text.substr(0, 4) != "ASIA") return 0;
  std::size_t end = 4;
  while (end < text.size() &&
         (std::isupper(static_cast<unsigned char>(text[end])) || std::isdigit(static_cast<unsigned char>(text[end]))))
    ++end;
  return end == 20 ? end : 0;
}

struct Label {
  std::string_view name;
  std::size_t shortest;  // of the value, so that "token: 5" in a training log stays
};
constexpr std::array<Label, 5> labels = {{{"SECRET_ACCESS_KEY", 16},
                                          {"SECRETACCESSKEY", 16},
                                          {"SESSION_TOKEN", 16},
                                          {"SESSIONTOKEN", 16},
                                          {"AUTHORIZATIONTOKEN", 16}}};

// Length of a label at the start of `text` together with what stands between it and its value; 0 when there is none.
std::size_t labelled_value(std::string_view text, std::size_t& shortest) {
  for (const Label& label : labels) {
    if (to_upper(text.substr(0, label.name.size())) != label.name) continue;
    std::size_t value = label.name.size();
    while (value < text.size() && (text[value] == '"' || text[value] == '\'' || text[value] == ' ' ||
                                   text[value] == ':' || text[value] == '=')) {
      ++value;
    }
    shortest = label.shortest;
    return value > label.name.size() ? value : 0;
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
  bool inside_word = false;
  while (!text.empty()) {
    std::size_t shortest = 0;
    if (const std::size_t id = inside_word ? 0 : access_key_id(text); id != 0) {
      clean += "[redacted:access-key-id]";
      text.remove_prefix(id);
      inside_word = true;
      continue;
    }
    if (const std::size_t value = labelled_value(text, shortest); value != 0) {
      std::size_t end = value;
      while (end < text.size() && is_token(text[end])) ++end;
      if (end - value >= shortest) {
        clean.append(text.substr(0, value)).append("[redacted:secret]");
        text.remove_prefix(end);
        continue;
      }
    }
    inside_word = is_word(text.front());
    clean += text.front();
    text.remove_prefix(1);
  }
  return clean;
}

}  // namespace smflow
