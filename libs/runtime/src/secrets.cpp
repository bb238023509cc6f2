#include <algorithm>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/secrets.hpp>

namespace smflow::runtime {

namespace {

constexpr std::size_t shortest_value = 6;

}  // namespace

Secrets::Secrets(const Environment& environment) {
  const auto add = [&](const std::string& name, std::string value) {
    if (value.size() >= shortest_value && names_a_secret(name)) values_.push_back(std::move(value));
  };
  for (const auto& [name, value] : environment.given) add(name, value);
  for (const auto& [name, value] : environment.hyperparameters.user) add(name, to_variable(value));
  for (const auto& [name, value] : environment.hyperparameters.framework) add(name, to_variable(value));
  std::sort(values_.begin(), values_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
}

std::string Secrets::hide(std::string_view text) const {
  std::string clean(text);
  for (const std::string& value : values_) {
    static constexpr std::string_view mask = "[redacted]";
    for (std::size_t at = clean.find(value); at != std::string::npos; at = clean.find(value, at + mask.size())) {
      clean.replace(at, value.size(), mask);
    }
  }
  return redact(clean);
}

std::string printable_command(const std::vector<std::string>& command) {
  std::vector<std::string> items;
  bool secret = false;
  for (const std::string& item : command) {
    items.push_back(secret ? "***" : shell_quote(printable(item)));
    secret = !secret && item.size() > 1 && item.front() == '-' && names_a_secret(item);
  }
  return join(items, " ");
}

}  // namespace smflow::runtime
