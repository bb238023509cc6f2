#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace smflow::docker {

// A Dockerfile as its builder reads it (Dockerfile reference, "Parser directives", "Here-documents"): each instruction
// with the lines that continue it, without comments and the contents of here-documents. The text may be hostile.
struct Instructions {
  std::vector<std::string> lines;
  char escape = '\\';  // what the directive says
};

Instructions read_instructions(std::string_view dockerfile);

}  // namespace smflow::docker
