#include <gtest/gtest.h>

#include <smflow/s3/part_plan.hpp>

namespace smflow::s3 {
namespace {

TEST(PartPlan, PartsHaveEightMebibytesWhileTheyAreFewEnough) {
  EXPECT_EQ(part_size_of(0), 8 * mebibyte);
  EXPECT_EQ(part_size_of(8 * mebibyte), 8 * mebibyte);
  EXPECT_EQ(part_size_of(80'000 * mebibyte), 8 * mebibyte);
}

TEST(PartPlan, LargerObjectsHaveLargerPartsOfWholeMebibytes) {
  EXPECT_EQ(part_size_of(80'000 * mebibyte + 1), 9 * mebibyte);
  EXPECT_EQ(part_size_of(largest_object), largest_part);
}

TEST(PartPlan, NeverMakesMoreThanTenThousandParts) {
  for (const std::uint64_t size : {80'000 * mebibyte, 80'000 * mebibyte + 1, std::uint64_t{12'345'678'901'234},
                                   largest_object - 1, largest_object}) {
    const auto parts = parts_of(size, part_size_of(size));
    EXPECT_LE(parts.size(), most_parts) << size;
    EXPECT_LE(parts.back().length, largest_part) << size;
  }
}

TEST(PartPlan, PartsCoverTheObjectWithoutGapsOrOverlap) {
  for (const std::uint64_t size : {1, 9, 10, 11, 95}) {
    std::uint64_t at = 0;
    for (const aws::ByteRange& part : parts_of(size, 10)) {
      EXPECT_EQ(part.first, at);
      EXPECT_GE(part.length, 1u);
      EXPECT_LE(part.length, 10u);
      at += part.length;
    }
    EXPECT_EQ(at, size);
  }
  EXPECT_TRUE(parts_of(0, 10).empty());
}

TEST(PartPlan, RefusesWhatS3CannotHold) {
  EXPECT_TRUE(check_object_size(largest_object));
  EXPECT_EQ(check_object_size(largest_object + 1).error().code, "E443");
}

}  // namespace
}  // namespace smflow::s3
