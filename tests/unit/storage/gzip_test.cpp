#include <gtest/gtest.h>

#include <smflow/storage/gzip.hpp>

namespace smflow::storage {
namespace {

constexpr std::size_t plenty = 64u << 20;

TEST(Gzip, IsReadBack) {
  for (const std::string& text : {std::string(), std::string("one"), std::string(3u << 20, 'x')}) {
    EXPECT_EQ(gunzip(gzip(text), plenty), text) << text.size();
  }
  EXPECT_LT(gzip(std::string(100'000, 'x')).size(), 1'000u);
}

TEST(Gzip, IsEqualForEqualTexts) {
  EXPECT_EQ(gzip("text"), gzip("text"));
}

TEST(Gzip, ThatIsDamagedIsAnError) {
  const std::string packed = gzip("a text that is long enough to be cut");
  std::string flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x55);
  for (const std::string& bytes :
       {std::string(), std::string("no gzip"), packed.substr(0, packed.size() - 1), flipped}) {
    const auto text = gunzip(bytes, plenty);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, "E901");
  }
}

TEST(Gzip, HoldsNoMoreThanIsAllowed) {
  const std::string packed = gzip(std::string(5u << 20, 'x'));
  EXPECT_TRUE(gunzip(packed, 5u << 20));
  EXPECT_EQ(gunzip(packed, (5u << 20) - 1).error().code, "E901");
}

}  // namespace
}  // namespace smflow::storage
