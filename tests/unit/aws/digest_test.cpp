#include <gtest/gtest.h>

#include <smflow/aws/digest.hpp>
#include <smflow/aws/encoding.hpp>

namespace smflow::aws {
namespace {

std::span<const unsigned char> bytes_of(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

TEST(Digest, EqualsThePublishedExamples) {
  EXPECT_EQ(sha256_digits(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_digits("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha1_digits("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

// RFC 4231, test cases 2 and 6: a short key, and one that is longer than a block.
TEST(Digest, HmacEqualsThePublishedExamples) {
  EXPECT_EQ(to_hex(hmac_sha256(bytes_of("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      to_hex(hmac_sha256(bytes_of(std::string(131, '\xaa')), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, OfPiecesIsThatOfTheWhole) {
  for (const auto& [digest, digits] :
       {std::pair(Digest::sha1, sha1_digits("abc")), {Digest::sha256, sha256_digits("abc")}}) {
    DigestStream stream(digest);
    stream.update("a");
    stream.update("");
    stream.update("bc");
    EXPECT_EQ(to_hex(stream.finish()), digits);
  }
}

}  // namespace
}  // namespace smflow::aws
