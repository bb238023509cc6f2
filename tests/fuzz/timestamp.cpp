// Any bytes as a time of AWS: none, or one that is written and read back equal.
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <smflow/aws/timestamp.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto time : {aws::parse_iso8601(text), aws::parse_http_date(text)}) {
    if (!time) continue;
    const std::string written = format_utc(*time);
    // An offset may lead out of the years that have four digits.
    if (written.size() == sizeof("2024-01-15T12:00:00.000Z") - 1 && written[0] != '-') {
      fuzz::require(aws::parse_iso8601(written) == time, "a time reads back equal");
    }
    aws::format_amz_date(*time);
  }
  return 0;
}
