#include "encoding.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace smflow::board {

TEST(BoardEncoding, PacksWhatZlibUnpacks) {
  const std::string text(100'000, 'x');
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), 1'000u);
  EXPECT_EQ(packed, gzip(text));
  std::string back(text.size() + 1, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  back.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(back, text);
}

TEST(BoardEncoding, NamesTheHashAsABrowserDoes) {
  EXPECT_EQ(policy_source("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

TEST(BoardEncoding, EscapesEveryCharacterThatMeansSomethingInHtml) {
  EXPECT_EQ(escape_html("<a href='x' id=\"y\">&"), "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;");
}

}  // namespace smflow::board
