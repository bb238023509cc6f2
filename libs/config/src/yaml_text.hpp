#pragma once

#include "source.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow::config {

// The first byte that no YAML text may hold: not UTF-8 (E013), or a control character (E013).
std::optional<Error> refuse_bytes(const Source& source);

// Length of the quoted text at the start of `line`, quotes included; 0 when it does not end on this line.
std::size_t quoted_length(std::string_view line);

// E014 or E019 for a text that yaml-cpp refused at `offset` with `message`. The real cause is often in an earlier line:
// a tab, a quote that was not closed, a colon without a space.
Error syntax_error(const Source& source, std::size_t offset, const std::string& message);

}  // namespace smflow::config
