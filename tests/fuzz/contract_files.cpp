// Any bytes as the three files of the container's contract.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <smflow/contract/contract.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto resources = smflow::contract::parse_resource_config(text, "fuzz")) {
    smflow::contract::to_json(*resources);
  }
  (void)smflow::contract::parse_input_data_config(text, "fuzz");
  if (const auto parameters = smflow::contract::parse_hyperparameters(text, "fuzz")) {
    smflow::contract::to_json(*parameters);
  }
  smflow::contract::failure_reason(text);
  return 0;
}
