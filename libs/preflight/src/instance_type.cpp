#include "instance_type.hpp"

#include <algorithm>
#include <array>

namespace smflow::preflight {

namespace {

std::string_view family_of(std::string_view type) {
  if (type.starts_with("ml.")) type.remove_prefix(3);
  return type.substr(0, type.find('.'));
}

// "dn" of "g4dn".
std::string_view attributes_of(std::string_view family) {
  family = family.substr(0, family.find('-'));
  const std::size_t digit = family.find_first_of("0123456789");
  if (digit == std::string_view::npos) return {};
  return family.substr(std::min(family.find_first_not_of("0123456789", digit), family.size()));
}

// These have a disk without saying so.
constexpr std::array<std::string_view, 14> with_disk = {
    "g5", "g6", "g6e", "gr6", "g7e", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200", "trn1", "trn1n", "trn2"};

}  // namespace

const char* architecture_of(std::string_view instance_type) {
  const std::string_view family = family_of(instance_type);
  const bool graviton = attributes_of(family).find('g') != std::string_view::npos;
  const bool grace = family.find("-gb") != std::string_view::npos;
  return graviton || grace ? "arm64" : "amd64";
}

bool has_own_disk(std::string_view instance_type) {
  const std::string_view family = family_of(instance_type);
  return attributes_of(family).find('d') != std::string_view::npos ||
         std::find(with_disk.begin(), with_disk.end(), family) != with_disk.end();
}

}  // namespace smflow::preflight
