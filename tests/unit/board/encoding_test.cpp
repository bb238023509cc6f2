#include "encoding.hpp"

#include <gtest/gtest.h>

namespace smflow::board {

TEST(BoardEncoding, NamesTheHashAsABrowserDoes) {
  EXPECT_EQ(policy_source("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

TEST(BoardEncoding, EscapesEveryCharacterThatMeansSomethingInHtml) {
  EXPECT_EQ(escape_html("<a href='x' id=\"y\">&"), "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;");
}

}  // namespace smflow::board
