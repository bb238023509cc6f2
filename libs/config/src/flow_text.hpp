#pragma once

#include "node.hpp"
#include "source.hpp"

#include <cstddef>

#include <smflow/base/error.hpp>

namespace smflow::config {

// Reads "[a, b]" or "{name: text}" from `offset` of an override to its end; elements are plain, 'quoted' or "quoted".
// E033 says what is missing. Nothing nests.
Result<Node> read_flow_text(const Source& source, std::size_t offset);

}  // namespace smflow::config
