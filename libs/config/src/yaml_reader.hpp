#pragma once

#include "node.hpp"
#include "source.hpp"

#include <cstddef>
#include <optional>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::config {

inline constexpr std::size_t largest_file = 1u << 20;  // bytes
inline constexpr std::size_t deepest_nesting = 8;
inline constexpr std::size_t most_values = 10'000;
inline constexpr std::size_t most_errors = 100;  // of one configuration; more help nobody

struct YamlDocument {
  std::optional<Node> root = {};  // none: the document is empty or unreadable; partial when stopped
  std::vector<Error> errors = {};
  bool stopped = false;  // an error after which the rest could not be read
};

// Reads one YAML document as plain data: text in UTF-8, two kinds of collections, scalars. Refuses what makes files
// mean something else than they say: duplicate keys, anchors, aliases, tags, merge keys, further documents, and plain
// or quoted text that runs over several lines. Where the text is not YAML, all that was found before is kept.
YamlDocument read_yaml(const Source& source);

}  // namespace smflow::config
