// Any bytes behind --set, one override a line.
#include "fuzz_config.hpp"
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  config::Config config = fuzz::sample_config();
  config.merge_assignments(split({reinterpret_cast<const char*>(data), size}, '\n'));
  for (const Error& error : config.errors()) fuzz::require(is_valid_utf8(error.excerpt), "an error is UTF-8");
  if (!config.errors().empty()) return 0;
  config::Config again = fuzz::sample_config();
  again.merge_text(config::effective_yaml(config), "effective.yaml");
  fuzz::require(again.errors().empty(), "a dump loads");
  fuzz::require(config::difference(config, again).empty(), "a dump loads back equal");
  return 0;
}
