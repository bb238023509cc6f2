// Any bytes as a JPEG or PNG file, scaled to two sizes.
#include <cstddef>
#include <cstdint>
#include <vector>

#include <smflow/images/reader.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static smflow::images::ImageReader small(8);
  static smflow::images::ImageReader large(64);
  std::vector<std::uint8_t> planes(3 * 64 * 64);
  (void)small.decode({data, size}, planes.data());
  (void)large.decode({data, size}, planes.data());
  return 0;
}
