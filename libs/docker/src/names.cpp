#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/docker/names.hpp>

namespace smflow::docker {

namespace {

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_word(char c) {
  return is_small(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_joint(char c) {
  return c == '.' || c == '_' || c == '-';
}

bool is_part(std::string_view part) {
  if (part.empty() || is_joint(part.front()) || is_joint(part.back())) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!is_small(part[i]) && !(is_joint(part[i]) && is_small(part[i + 1]))) return false;
  }
  return true;
}

}  // namespace

bool is_repository_name(std::string_view name) {
  if (name.size() < 2 || name.size() > 256) return false;
  return std::ranges::all_of(split(name, '/'), is_part);
}

bool is_tag(std::string_view tag) {
  if (tag.empty() || tag.size() > 128 || !is_word(tag.front())) return false;
  return std::ranges::all_of(tag, [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_platform(std::string_view platform) {
  const std::vector<std::string> parts = split(platform, '/');
  return (parts.size() == 2 || parts.size() == 3) && std::ranges::all_of(parts, is_tag);
}

std::string registry_of(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view first = name.substr(0, slash);
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos ? std::string(first) : "";
}

}  // namespace smflow::docker
