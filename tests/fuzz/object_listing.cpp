// Any bytes as a page of Amazon S3's ListObjectsV2.
#include "operations/object_listing.hpp"

#include "require.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  const auto page = aws::read_object_listing({reinterpret_cast<const char*>(data), size});
  if (!page) {
    fuzz::require(!page.error().empty(), "a refusal says why");
    return 0;
  }
  for (const aws::ListedObject& object : page->objects) fuzz::require(!object.key.empty(), "an object has a key");
  return 0;
}
