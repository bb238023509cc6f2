#pragma once

#include <map>
#include <string>
#include <string_view>

namespace smflow::docker {

// Every byte but A-Z a-z 0-9 - _ . ~ and '/' becomes %XX.
std::string escape_path(std::string_view text);
// "?a=b&c=d"; members that are empty are left out.
std::string query(const std::multimap<std::string, std::string>& members);

}  // namespace smflow::docker
