#pragma once

#include <cstdint>
#include <vector>

#include <smflow/aws/operations/s3.hpp>

// How an object is cut into parts, by the limits of Amazon S3 (User Guide, "Amazon S3 multipart upload limits").
namespace smflow::s3 {

inline constexpr std::uint64_t mebibyte = 1ull << 20;
inline constexpr std::uint64_t gibibyte = 1ull << 30;
inline constexpr std::uint64_t least_part = 8 * mebibyte;
inline constexpr std::uint64_t most_parts = 10'000;
inline constexpr std::uint64_t largest_part = 5 * gibibyte;  // also of an object that is put in one piece
inline constexpr std::uint64_t largest_object = most_parts * largest_part;

// `least`, or when that gives more than 10,000 parts the least number of whole mebibytes that does not.
std::uint64_t part_size_of(std::uint64_t size, std::uint64_t least = least_part);

// E443 when Amazon S3 takes no object of so many bytes.
Result<void> check_object_size(std::uint64_t size);

// The parts of `size` bytes, one after the other and all but the last `part_size` long; none of nothing.
std::vector<aws::ByteRange> parts_of(std::uint64_t size, std::uint64_t part_size);

}  // namespace smflow::s3
