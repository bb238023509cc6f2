#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <smflow/base/sha256.hpp>

namespace smflow {
namespace {

// The published vectors of FIPS 180-4 and NIST's example of one million letters.
TEST(Sha256, MatchesThePublishedVectors) {
  const std::vector<std::pair<std::string, const char*>> vectors = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [text, digest] : vectors) EXPECT_EQ(sha256_hex(text), digest) << text.substr(0, 60);
}

TEST(Sha256, DoesNotDependOnHowTheBytesAreCut) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * 7);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::string_view text = std::string_view(bytes).substr(0, size);
    Sha256 hash;
    for (std::size_t at = 0; at < size; at += 13) hash.update(text.substr(at, 13));
    ASSERT_EQ(hash.hex_digest(), sha256_hex(text)) << size;
  }
}

}  // namespace
}  // namespace smflow
