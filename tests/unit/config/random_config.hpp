#pragma once

#include <cstdint>
#include <random>

#include <smflow/config/config.hpp>

namespace smflow::config::test {

// A configuration of `schema` with a random value that its options allow for about half of them, and all required ones.
// Texts hold what YAML makes difficult: quotes, colons, line breaks, words that look like other types, all of Unicode.
Config random_config(const SchemaPtr& schema, std::mt19937_64& random);

}  // namespace smflow::config::test
