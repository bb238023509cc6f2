// Any bytes as the schema of a training program: refused, or a schema that writes and reads back equal and whose
// documents load.
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <smflow/config/documents.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  const auto schema = config::schema_from_json({reinterpret_cast<const char*>(data), size}, "fuzz.json");
  if (!schema) return 0;
  const auto again = config::schema_from_json(config::to_json_schema(**schema), "again.json");
  fuzz::require(again && **again == **schema, "a schema reads back equal");
  config::reference_markdown(**schema);
  config::Config config(*schema);
  config.merge_text(config::template_yaml(**schema), "template.yaml");
  fuzz::require(config.errors().empty(), "a template loads");
  fuzz::require(config::changed(config).empty(), "a template changes nothing");
  config.check();
  return 0;
}
