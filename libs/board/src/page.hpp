#pragma once

#include <string_view>

namespace smflow::board {

// Written by the build from page/ (EmbedPage.cmake).
std::string_view page_template();
std::string_view page_style();
std::string_view page_script();
bool page_has_charts();

}  // namespace smflow::board
