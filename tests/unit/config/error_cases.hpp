#pragma once

#include "sample_loading.hpp"

#include <string>
#include <utility>
#include <vector>

namespace smflow::config::test {

// One case of tests/data/config/errors.txt: what is given to the sample configuration, and what is to be said. The file
// is a table of blocks, each begun by a line "=== NAME", with parts begun by "--- PART" lines:
//   file          the content of config.yaml; "escaped" after the word: with \xNN, \t, \\ for bytes
//   set           one override a line
//   environment   one NAME=VALUE a line
//   told          what is said, as written by told(); the last part
struct ErrorCase {
  std::string name;
  std::vector<std::pair<std::string, std::string>> parts;  // in order, `told` left out
  std::string expected;

  Config load(const SchemaPtr& schema, const SchemaPtr& sibling) const;
};

std::vector<ErrorCase> read_error_cases();
// The table as text, with `told` of each case put in.
std::string write_error_cases(const std::vector<ErrorCase>& cases);
std::string error_cases_file();

}  // namespace smflow::config::test
