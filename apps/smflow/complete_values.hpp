#pragma once

#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace smflow::cli {

struct Candidate {
  std::string text;
  std::string what;  // a sentence, or nothing
};

struct Candidates {
  std::vector<Candidate> list = {};
  bool files = false;  // names of files, which the shell knows best
};

// What the value of an option can be that begins with `begun`. May hold others, too.
Candidates values_of(const CLI::Option& option, const std::string& begun);

}  // namespace smflow::cli
