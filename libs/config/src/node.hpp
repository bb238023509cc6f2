#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace smflow::config {

// What stands in a source, before the schema says what it means. The place is in bytes of that source.
struct Node {
  enum class Kind { null, scalar, list, mapping };
  Kind kind = Kind::null;
  std::size_t offset = 0;
  std::size_t length = 0;        // of what a caret marks, on one line
  std::string text = {};         // scalar
  bool quoted = false;           // scalar: written in quotes or as a block, so never a number
  bool refused = false;          // reported already, or cut off by an error: nothing more is said about it
  std::vector<Node> items = {};  // list: its elements; mapping: key, value, key, value
};

}  // namespace smflow::config
