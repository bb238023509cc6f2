#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

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

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Base64 as it is in a URL.
bool is_url_safe(char c) {
  return is_word(c) || c == '_' || c == '-';
}

template <class Kind>
std::size_t run_length(std::string_view text, Kind is_kind) {
  std::size_t end = 0;
  while (end < text.size() && is_kind(text[end])) ++end;
  return end;
}

// Part of a text that is a credential: what is kept before it, and its length.
struct Found {
  std::size_t kept = 0;
  std::size_t length = 0;
};

// AKIA (long-term) or ASIA (temporary) and 16 upper-case letters or digits.
Found access_key_id(std::string_view text) {
  const std::size_t length = run_length(text, is_upper_or_digit);
  return length == 20 ? Found{0, length} : Found{};
}

// A prefix of four characters like "ghp_", then letters and digits.
Found github_token(std::string_view text) {
  if (text.size() < 4 || text[3] != '_' || std::string_view("pousr").find(text[2]) == std::string_view::npos) return {};
  const std::size_t length = run_length(text.substr(4), is_word);
  return length >= 36 ? Found{0, 4 + length} : Found{};
}

Found github_fine_token(std::string_view text) {
  const std::size_t length = run_length(text, [](char c) { return is_word(c) || c == '_'; });
  return length >= 40 ? Found{0, length} : Found{};
}

Found hugging_face_token(std::string_view text) {
  const std::size_t length = run_length(text.substr(3), is_word);
  return length >= 30 ? Found{0, 3 + length} : Found{};
}

// Upper case, lower case and at least two digits, as names hardly have them without a dash.
bool looks_random(std::string_view text) {
  int upper = 0, lower = 0, digits = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      ++digits;
    } else {
      ++(is_upper_or_digit(c) ? upper : lower);
    }
  }
  return upper >= 2 && lower >= 2 && digits >= 2;
}

// "sk-", "sk-proj-" and the like. Ordinary names begin like this too, so some of it has to look random.
Found model_api_key(std::string_view text) {
  const std::string_view key = text.substr(0, run_length(text, is_url_safe));
  if (key.size() < 35) return {};
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t length = run_length(key.substr(at), is_word);
    if (length >= 16 && looks_random(key.substr(at, length))) return {0, key.size()};
    at += length + 1;
  }
  return {};
}

Found slack_token(std::string_view text) {
  if (text.size() < 5 || text[4] != '-' || std::string_view("abceoprs").find(text[3]) == std::string_view::npos)
    return {};
  const std::string_view value = text.substr(5, run_length(text.substr(5), is_url_safe));
  const bool has_digit = value.find_first_of("0123456789") != std::string_view::npos;
  return value.size() >= 10 && has_digit ? Found{0, 5 + value.size()} : Found{};
}

Found google_api_key(std::string_view text) {
  const std::size_t length = run_length(text, is_url_safe);
  return length == 39 ? Found{0, length} : Found{};
}

// Three parts of base64, of which the first two are JSON objects: "{\"" is "eyJ".
Found web_token(std::string_view text) {
  std::size_t length = 0;
  for (int part = 0; part < 3; ++part) {
    const std::string_view rest = text.substr(length);
    const std::size_t size = run_length(rest, is_url_safe);
    if (size < 10 || (part < 2 && !rest.starts_with("eyJ"))) return {};
    length += size;
    if (part == 2) return {0, length};
    if (length == text.size() || text[length] != '.') return {};
    ++length;
  }
  return {};
}

// A block of PEM, also one that is cut off.
Found private_key(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ", end = "-----END ", dashes = "-----";
  const std::size_t title =
      run_length(text.substr(begin.size()), [](char c) { return is_upper_or_digit(c) || c == ' '; });
  const std::string_view name = text.substr(begin.size(), title);
  const std::size_t body = begin.size() + title + dashes.size();
  if (name.find("PRIVATE KEY") == std::string_view::npos || text.substr(begin.size() + title, 5) != dashes) return {};
  const std::size_t last = text.find(end, body);
  if (last == std::string_view::npos) return {0, text.size()};
  const std::size_t closed = text.find(dashes, last + end.size());
  return {0, closed == std::string_view::npos ? text.size() : closed + dashes.size()};
}

// Of "://user:password@" the password. What only stands for one stays, and so does the tag of an image by its digest.
Found url_password(std::string_view text) {
  const auto is_part = [](char c) {
    return c > ' ' && c < 127 && std::string_view("/:@\"'<>\\").find(c) == std::string_view::npos;
  };
  const std::size_t user = 3 + run_length(text.substr(3), is_part);
  if (user == 3 || user == text.size() || text[user] != ':') return {};
  const std::string_view password = text.substr(user + 1, run_length(text.substr(user + 1), is_part));
  const std::string_view after = text.substr(user + 1 + password.size());
  const bool stands_for_one =
      password.empty() || std::string_view("$%{[*").find(password.front()) != std::string_view::npos;
  if (stands_for_one || !after.starts_with('@') || after.starts_with("@sha256:")) return {};
  return {user + 1, password.size()};
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

Found labelled_secret(std::string_view text) {
  const std::size_t value = label_length(text);
  if (value == 0) return {};
  const std::size_t length = run_length(text.substr(value), is_token);
  return length >= shortest_secret ? Found{value, length} : Found{};
}

struct Rule {
  const char* name;
  std::string_view begins;
  Found (*find)(std::string_view text);  // in a text that begins so
  bool (*is_inside)(char before);        // true where none begins because of the character before it
};

bool nowhere(char) {
  return false;
}

constexpr std::array<Rule, 12> rules = {{{"access-key-id", "AKIA", access_key_id, is_upper_or_digit},
                                         {"access-key-id", "ASIA", access_key_id, is_upper_or_digit},
                                         {"github-token", "gh", github_token, is_word},
                                         {"github-token", "github_pat_", github_fine_token, is_word},
                                         {"hugging-face-token", "hf_", hugging_face_token, is_word},
                                         {"api-key", "sk-", model_api_key, is_url_safe},
                                         {"slack-token", "xox", slack_token, nowhere},
                                         {"google-api-key", "AIza", google_api_key, is_url_safe},
                                         {"web-token", "eyJ", web_token, nowhere},
                                         {"private-key", "-----BEGIN ", private_key, nowhere},
                                         {"url-password", "://", url_password, nowhere},
                                         {"secret", "", labelled_secret, nowhere}}};

}  // namespace

bool names_a_secret(std::string_view name) {
  const std::string upper = to_upper(name);
  for (const char* word :
       {"SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "APIKEY", "PRIVATE", "CREDS", "CREDENTIAL"}) {
    if (upper.find(word) != std::string::npos) return true;
  }
  for (std::size_t at = upper.find("KEY"); at != std::string::npos; at = upper.find("KEY", at + 1)) {
    const bool begins = at == 0 || !is_word(upper[at - 1]);
    const bool ends = at + 3 == upper.size() || !is_word(upper[at + 3]);
    if (begins && ends) return true;
  }
  return false;
}

bool speaks_of_a_secret(std::string_view text) {
  constexpr std::array<std::string_view, 10> secret = {"password", "passwd",     "pwd",         "secret",     "token",
                                                       "apikey",   "credential", "credentials", "passphrase", "creds"};
  constexpr std::array<std::string_view, 4> before_key = {"api", "access", "private", "session"};
  std::string before;
  std::string word;
  bool was_lower = false;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ' ';
    const bool capital = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (!is_word(c) || (capital && was_lower)) {
      if (std::ranges::find(secret, word) != secret.end()) return true;
      if (word == "key" && std::ranges::find(before_key, before) != before_key.end()) return true;
      if (!word.empty()) before = std::exchange(word, {});
    }
    if (is_word(c)) word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    was_lower = is_word(c) && !capital;
  }
  return false;
}

std::string redact(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  char before = ' ';
  while (!text.empty()) {
    const Rule* rule = nullptr;
    Found found;
    for (const Rule& one : rules) {
      if (!text.starts_with(one.begins) || one.is_inside(before)) continue;
      found = one.find(text);
      rule = &one;
      if (found.length != 0) break;
    }
    if (found.length == 0) {
      before = text.front();
      clean += before;
      text.remove_prefix(1);
      continue;
    }
    clean.append(text.substr(0, found.kept)).append("[redacted:").append(rule->name).append("]");
    text.remove_prefix(found.kept + found.length);
    before = ' ';
  }
  return clean;
}

}  // namespace smflow
