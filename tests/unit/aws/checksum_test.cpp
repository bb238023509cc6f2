#include "crc.hpp"

#include <random>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <smflow/aws/checksum.hpp>
#include <smflow/base/base64.hpp>

namespace smflow::aws {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// Bit by bit, as the definition says.
template <class Word>
Word bitwise(Word polynomial, std::span<const std::byte> bytes) {
  Word state = static_cast<Word>(~Word{0});
  for (const std::byte byte : bytes) {
    state ^= static_cast<Word>(byte);
    for (int bit = 0; bit < 8; ++bit) state = static_cast<Word>(state >> 1) ^ (state & 1 ? polynomial : 0);
  }
  return static_cast<Word>(~state);
}

std::vector<std::byte> random_bytes(std::size_t size) {
  std::mt19937 random(7);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

TEST(Checksum, EqualsThePublishedCheckValues) {
  const auto digits = bytes_of("123456789");
  EXPECT_EQ(checksum_text(crc64nvme(digits)), "rosUhgp5mIg=");
  EXPECT_EQ(checksum_text(crc32(digits)), "y/Q5Jg==");
  EXPECT_EQ(checksum_text(crc32c(digits)), "4waSgw==");
  EXPECT_EQ(crc64nvme({}), 0u);
  EXPECT_EQ(crc32({}), 0u);
}

TEST(Checksum, EqualsTheDefinitionAtEveryLengthAndAlignment) {
  const auto bytes = random_bytes(1200);
  for (std::size_t length = 0; length <= 1100; ++length) {
    const auto part = std::span(bytes).subspan(length % 17, length);
    ASSERT_EQ(crc64nvme(part), bitwise<std::uint64_t>(0x9a6c9329ac4bc9b5, part)) << length;
    ASSERT_EQ(crc32(part), bitwise<std::uint32_t>(0xedb88320, part)) << length;
    ASSERT_EQ(crc32c(part), bitwise<std::uint32_t>(0x82f63b78, part)) << length;
  }
}

TEST(Checksum, IsTheSameWithAndWithoutTheProcessorsMultiplication) {
  if (!has_carryless_multiply()) GTEST_SKIP() << "this processor has no carry-less multiplication";
  const auto bytes = random_bytes(5000);
  for (std::size_t length = 64; length <= bytes.size(); length += 37) {
    const auto part = std::span(bytes).first(length);
    ASSERT_EQ(folded_crc<Crc64Nvme>(0x0123456789abcdef, part), Crc64Nvme::update(0x0123456789abcdef, part)) << length;
    ASSERT_EQ(folded_crc<Crc32>(0x01234567, part), Crc32::update(0x01234567, part)) << length;
    ASSERT_EQ(folded_crc<Crc32c>(0x01234567, part), Crc32c::update(0x01234567, part)) << length;
  }
}

TEST(Checksum, OfPiecesAndCombinedIsThatOfTheWhole) {
  const auto bytes = random_bytes(3000);
  const std::span<const std::byte> all(bytes);
  for (const std::size_t cut : {0, 1, 7, 64, 300, 1500, 2999, 3000}) {
    const auto first = all.first(cut);
    const auto second = all.subspan(cut);
    EXPECT_EQ(crc64nvme(second, crc64nvme(first)), crc64nvme(all)) << cut;
    EXPECT_EQ(crc32c(second, crc32c(first)), crc32c(all)) << cut;
    EXPECT_EQ(crc64nvme_combine(crc64nvme(first), crc64nvme(second), second.size()), crc64nvme(all)) << cut;
    EXPECT_EQ(crc32_combine(crc32(first), crc32(second), second.size()), crc32(all)) << cut;
    EXPECT_EQ(crc32c_combine(crc32c(first), crc32c(second), second.size()), crc32c(all)) << cut;
  }
}

TEST(Checksum, OfEveryAlgorithmIsThatOfAmazonS3) {
  const std::pair<ChecksumAlgorithm, const char*> rows[] = {
      {ChecksumAlgorithm::crc64nvme, "rosUhgp5mIg="},
      {ChecksumAlgorithm::crc32c, "4waSgw=="},
      {ChecksumAlgorithm::crc32, "y/Q5Jg=="},
      {ChecksumAlgorithm::sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="},
      {ChecksumAlgorithm::sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="}};
  for (const auto& [algorithm, text] : rows) {
    Checksum whole(algorithm);
    Checksum first(algorithm);
    Checksum second(algorithm);
    whole.update(bytes_of("12345"));
    first.update(bytes_of("12345"));
    whole.update(bytes_of("6789"));
    second.update(bytes_of("6789"));
    EXPECT_EQ(to_base64(whole.finish()), text) << name_of(algorithm);
    if (!can_combine(algorithm)) continue;
    EXPECT_EQ(to_base64(combined(algorithm, first.finish(), second.finish(), 4)), text) << name_of(algorithm);
  }
}

}  // namespace
}  // namespace smflow::aws
