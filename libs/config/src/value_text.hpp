#pragma once

#include <string>
#include <string_view>

#include <smflow/config/schema.hpp>

namespace smflow::config {

// `text` in double quotes with the escapes that YAML and JSON share, so that every reader takes it for text.
std::string quoted_text(std::string_view text);

// A number of a limit without a needless fraction: 1, 0.5, 2000000.
std::string limit_text(double value);

// "nothing", "true", "the list [1, 2]": a value inside a sentence.
std::string value_words(const Value& value);

}  // namespace smflow::config
