#include "secret_scan.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::records {

namespace {

constexpr std::string_view mark = "[redacted:";

std::string replaced(std::string text, const std::string& secret, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += by.size()) {
    text.replace(at, secret.size(), by);
  }
  return text;
}

// The beginning of a secret at the end of a text that somebody has cut to show it.
std::string without_cut_off(std::string text, const std::string& secret, const std::string& by) {
  constexpr std::string_view cut = "…";
  constexpr std::size_t least = 4;
  for (std::size_t end = 0; (end = text.find(cut, end)) != std::string::npos; end += cut.size()) {
    for (std::size_t length = std::min(secret.size(), end); length >= least; --length) {
      if (text.compare(end - length, length, secret, 0, length) != 0) continue;
      text.replace(end - length, length, by);
      end = end - length + by.size();
      break;
    }
  }
  return text;
}

bool is_token(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("+/=_-").find(c) != std::string_view::npos;
}

// Shannon's, in bits a character.
double entropy(std::string_view text) {
  std::array<int, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// Names and paths have hardly more than four bits a character, or lack one of the three kinds of characters.
bool looks_random(std::string_view token) {
  constexpr std::size_t shortest = 20;
  if (token.size() < shortest) return false;
  const auto has = [&](int (*is)(int)) {
    return std::ranges::any_of(token, [&](char c) { return is(static_cast<unsigned char>(c)) != 0; });
  };
  const bool hex = std::ranges::all_of(token, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
  if (hex) return has(std::isdigit) && has(std::isalpha) && entropy(token) > 3.0;
  return has(std::isdigit) && has(std::isupper) && has(std::islower) && entropy(token) > 4.3;
}

std::string without_random_words(std::string_view line) {
  if (!speaks_of_a_secret(line)) return std::string(line);
  std::string clean;
  while (!line.empty()) {
    const std::size_t size = static_cast<std::size_t>(std::ranges::find_if_not(line, is_token) - line.begin());
    const std::string_view token = line.substr(0, size);
    // The digest of an image or a file is public.
    const bool is_digest = clean.ends_with("sha256:") || clean.ends_with("sha512-");
    clean += looks_random(token) && !is_digest ? std::string(mark) + "entropy]" : std::string(token);
    line.remove_prefix(size);
    const std::size_t between = std::min(line.size(), static_cast<std::size_t>(1));
    clean += line.substr(0, between);
    line.remove_prefix(between);
  }
  return clean;
}

std::vector<std::string> rules_in(std::string_view text) {
  std::vector<std::string> rules;
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string_view::npos;) {
    at += mark.size();
    std::string rule(text.substr(at, text.find(']', at) - at));
    if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

std::string SecretScan::clean(std::string_view text, const std::string& where,
                              std::vector<Redaction>& redactions) const {
  std::string known(text);
  for (const auto& [secret, rule] : known_) {
    const std::string by = std::string(mark) + rule + "]";
    known = without_cut_off(replaced(std::move(known), secret, by), secret, by);
  }
  std::string clean;
  for (const std::string& line : split(redact(known), '\n')) {
    clean += without_random_words(line) + "\n";
  }
  clean.pop_back();
  if (clean == text) return clean;
  for (std::string& rule : rules_in(clean)) redactions.push_back({where, std::move(rule)});
  return clean;
}

OrderedJson SecretScan::clean_all(OrderedJson json, const std::string& where,
                                  std::vector<Redaction>& redactions) const {
  if (json.is_string()) return clean(json.get_ref<const std::string&>(), where, redactions);
  if (!json.is_structured()) return json;
  for (const auto& item : json.items()) {
    const std::string below = json.is_object() ? (where.empty() ? "" : where + ".") + item.key() : where;
    item.value() = clean_all(std::move(item.value()), below, redactions);
  }
  return json;
}

// Shorter ones would be found in words that are no secret.
std::vector<KnownSecret> known_secrets(const plan::JobPlan& plan, const std::vector<std::string>& own_secrets) {
  constexpr std::size_t shortest = 6;
  constexpr std::size_t shortest_own = 16;  // an emulator takes "test"
  std::vector<KnownSecret> secrets;
  for (const auto& [name, value] : plan.environment) {
    if (names_a_secret(name) && value.size() >= shortest) secrets.emplace_back(value, "name");
  }
  for (const std::string& one : own_secrets) {
    if (one.size() >= shortest_own) secrets.emplace_back(one, "credentials");
  }
  return secrets;
}

}  // namespace smflow::records
