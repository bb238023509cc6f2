#pragma once

#include <string>
#include <string_view>

namespace smflow::board {

// What the browser compares the hash of an inline script or style with: "'sha256-...'".
std::string policy_source(std::string_view text);

std::string escape_html(std::string_view text);

}  // namespace smflow::board
