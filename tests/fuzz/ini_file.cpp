// Any bytes as ~/.aws/config: refused with one line that names the file, or sections as they are documented.
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <smflow/aws/ini.hpp>
#include <smflow/base/text.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  const auto sections = aws::parse_ini({reinterpret_cast<const char*>(data), size}, "fuzz.ini");
  if (!sections) {
    fuzz::require(is_valid_utf8(sections.error().message), "an error is UTF-8");
    fuzz::require(sections.error().message.find('\n') == std::string::npos, "a message is one line");
    return 0;
  }
  for (const aws::IniSection& section : *sections) {
    for (const auto& [key, value] : section.values) {
      fuzz::require(!key.empty(), "a key has a name");
      fuzz::require(value.text.empty() || value.nested.empty(), "a value is a text or nested values");
    }
  }
  return 0;
}
