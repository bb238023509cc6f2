#include <algorithm>

#include <fmt/format.h>

#include <smflow/base/sha256.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

std::vector<Difference> difference(const Config& left, const Config& right) {
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < left.schema().fields.size(); ++i) {
    if (left.value(i) == right.value(i)) continue;
    differences.push_back({.path = left.schema().fields[i].path(),
                           .left = to_text(left.value(i)),
                           .right = to_text(right.value(i)),
                           .left_origin = left.origin(i).text,
                           .right_origin = right.origin(i).text});
  }
  return differences;
}

std::string to_text(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& one : differences) {
    text += fmt::format("{}: {} ({}) -> {} ({})\n", one.path, one.left, one.left_origin, one.right, one.right_origin);
  }
  return text;
}

std::vector<std::string> changed(const Config& config) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < config.schema().fields.size(); ++i) {
    const Field& field = config.schema().fields[i];
    if (config.value(i) != field.default_value) paths.push_back(field.path());
  }
  return paths;
}

std::string canonical_text(const Config& config, Scope scope) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < config.schema().fields.size(); ++i) {
    const Field& field = config.schema().fields[i];
    if (scope == Scope::everything || field.about.identity) {
      lines.push_back(field.path() + "=" + to_text(config.value(i)) + "\n");
    }
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "");
}

std::string identity_hash(const Config& config, Scope scope) {
  return sha256_hex(canonical_text(config, scope));
}

}  // namespace smflow::config
