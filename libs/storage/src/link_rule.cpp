#include "link_rule.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::storage {

bool link_stays_inside(std::size_t folders_above, std::string_view target) {
  if (target.empty() || target.front() == '/') return false;
  std::size_t up = 0;
  bool down = false;
  for (const std::string& part : split(target, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      down = true;
    } else if (down || ++up > folders_above) {
      return false;
    }
  }
  return true;
}

std::size_t folders_above(std::string_view path) {
  return static_cast<std::size_t>(std::ranges::count(path, '/'));
}

}  // namespace smflow::storage
