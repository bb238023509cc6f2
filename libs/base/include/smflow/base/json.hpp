#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

#include <smflow/base/error.hpp>

namespace smflow {

using Json = nlohmann::json;                 // members sorted by key
using OrderedJson = nlohmann::ordered_json;  // members in the order written

// Bounds for JSON from outside. nlohmann's parser itself has no depth limit on what it builds.
struct JsonLimits {
  std::size_t bytes = 64u << 20;
  int depth = 64;
};

// Parses one JSON document. A byte-order mark is skipped; duplicate keys, more than `limits`, and anything but white
// space after the document are errors (E902) that name `what`.
Result<Json> parse_json(std::string_view text, std::string_view what, JsonLimits limits = {});

}  // namespace smflow
