#include <algorithm>
#include <string>

#include <smflow/s3/part_plan.hpp>

namespace smflow::s3 {

namespace {

std::uint64_t divided_up(std::uint64_t value, std::uint64_t by) {
  return value / by + (value % by == 0 ? 0 : 1);
}

}  // namespace

std::uint64_t part_size_of(std::uint64_t size, std::uint64_t least) {
  const std::uint64_t needed = divided_up(size, most_parts);
  return needed <= least ? least : divided_up(needed, mebibyte) * mebibyte;
}

Result<void> check_object_size(std::uint64_t size) {
  if (size <= largest_object) return {};
  return tl::unexpected(Error{.code = "E443",
                              .exit = ExitCode::configuration,
                              .message = std::to_string(size) + " bytes are more than an object of S3 can hold, " +
                                         std::to_string(largest_object),
                              .fix = "split the file"});
}

std::vector<aws::ByteRange> parts_of(std::uint64_t size, std::uint64_t part_size) {
  std::vector<aws::ByteRange> parts;
  parts.reserve(divided_up(size, part_size));
  for (std::uint64_t first = 0; first < size; first += part_size) {
    parts.push_back({first, std::min(part_size, size - first)});
  }
  return parts;
}

}  // namespace smflow::s3
