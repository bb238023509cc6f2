#include <gtest/gtest.h>

#include <smflow/aws/encoding.hpp>

namespace smflow::aws {
namespace {

TEST(PercentEncoding, KeepsOnlyUnreservedBytes) {
  EXPECT_EQ(percent_encode("aZ09-_.~ /+%\xc3\xa9"), "aZ09-_.~%20%2F%2B%25%C3%A9");
  EXPECT_EQ(percent_encode("a/b c", "/"), "a/b%20c");
}

TEST(PercentEncoding, IsUndone) {
  EXPECT_EQ(percent_decode("a%20b%2fc+d"), "a b/c+d");
  EXPECT_EQ(percent_decode("%41"), "A");
  for (const char* text : {"%", "%4", "%4g", "a%"}) EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(Hex, IsLowerCase) {
  const unsigned char bytes[] = {0x00, 0xAB, 0x7f};
  EXPECT_EQ(to_hex(bytes), "00ab7f");
}

}  // namespace
}  // namespace smflow::aws
