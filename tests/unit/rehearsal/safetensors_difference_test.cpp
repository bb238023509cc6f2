#include "tensor_files.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include <smflow/rehearsal/model_files.hpp>

namespace smflow::rehearsal {
namespace {

std::string file_of(const std::string& type, const std::string& bytes) {
  return tensor_file({{"a", "I64", std::string(8, '\0')}, {"weight", type, bytes}});
}

TEST(TensorDifference, IsTheLargestOfAllTensors) {
  const std::string one = tensor_file({{"a", "F32", bytes_of<float>({1, 2})}, {"b", "F32", bytes_of<float>({3, 4})}});
  const std::string other =
      tensor_file({{"a", "F32", bytes_of<float>({1, 2.5})}, {"b", "F32", bytes_of<float>({3, 2})}});
  const auto difference = largest_difference(one, other);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->tensor, "b");
  EXPECT_EQ(difference->largest, 2);
  EXPECT_FALSE(largest_difference(one, one));
}

TEST(TensorDifference, KnowsEveryTypeWithAPoint) {
  struct Row {
    const char* type;
    std::string one;
    std::string other;
  };
  for (const Row& row : {Row{"F64", bytes_of<double>({1}), bytes_of<double>({1.5})},
                         Row{"F32", bytes_of<float>({1}), bytes_of<float>({1.5})},
                         Row{"F16", bytes_of<std::uint16_t>({0x3c00}), bytes_of<std::uint16_t>({0x3e00})},
                         Row{"BF16", bytes_of<std::uint16_t>({0x3f80}), bytes_of<std::uint16_t>({0x3fc0})}}) {
    const auto difference = largest_difference(file_of(row.type, row.one), file_of(row.type, row.other));
    ASSERT_TRUE(difference) << row.type;
    EXPECT_EQ(difference->largest, 0.5) << row.type;
  }
}

TEST(TensorDifference, ReadsSmallHalves) {
  const auto difference = largest_difference(file_of("F16", bytes_of<std::uint16_t>({0x0001})),
                                             file_of("F16", bytes_of<std::uint16_t>({0x8001})));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->largest, std::ldexp(1, -23));
}

TEST(TensorDifference, IsEndlessWhereOnlyOneIsANumber) {
  const std::string none = file_of("F32", bytes_of<float>({NAN}));
  EXPECT_EQ(largest_difference(none, file_of("F32", bytes_of<float>({1})))->largest, HUGE_VAL);
  EXPECT_FALSE(largest_difference(none, none));
}

TEST(TensorDifference, IsUnknownOfOtherTensors) {
  const std::string file = file_of("F32", bytes_of<float>({1}));
  EXPECT_FALSE(largest_difference(file, file_of("F32", bytes_of<float>({1, 2}))));
  EXPECT_FALSE(largest_difference(file, file_of("I32", bytes_of<float>({2}))));
  EXPECT_FALSE(largest_difference(file, tensor_file({})));
}

TEST(TensorDifference, IsUnknownOfDamagedFiles) {
  const std::string file = file_of("F32", bytes_of<float>({1}));
  const std::string length = bytes_of<std::uint64_t>({UINT64_MAX});
  for (const std::string& damaged :
       {std::string(), file.substr(0, 7), file.substr(0, 30), file.substr(0, file.size() - 1), length + file.substr(8),
        bytes_of<std::uint64_t>({2}) + "[]", bytes_of<std::uint64_t>({7}) + "{\"a\":1}"}) {
    EXPECT_FALSE(largest_difference(damaged, file));
    EXPECT_FALSE(largest_difference(damaged, damaged));
  }
}

}  // namespace
}  // namespace smflow::rehearsal
