#pragma once

#include <string_view>

namespace smflow::preflight {

// Whether a text is no regular expression in any dialect: a group or a class without its end, an end without its
// begin, a repetition of nothing, or a backslash before nothing. Knows \Q...\E and classes in classes.
bool is_broken_pattern(std::string_view pattern);

}  // namespace smflow::preflight
