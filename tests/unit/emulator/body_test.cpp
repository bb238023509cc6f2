#include "body.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {
namespace {

TEST(Body, ThatIsSmallIsAText) {
  Body body;
  EXPECT_TRUE(body.empty());
  ASSERT_TRUE(body.append("ab", 2));
  ASSERT_TRUE(body.append("c", 1));
  EXPECT_EQ(body.text(), "abc");
  EXPECT_EQ(body.read(1, 5), "bc");
  EXPECT_EQ(body.read(3, 5), "");
}

TEST(Body, ThatIsLargeIsReadFromItsFile) {
  Body body("head");
  const std::string more(Body::in_memory, 'x');
  ASSERT_TRUE(body.append(more.data(), more.size()));
  ASSERT_TRUE(body.append("tail", 4));
  EXPECT_EQ(body.size(), Body::in_memory + 8);
  EXPECT_EQ(body.text(), "");
  EXPECT_EQ(body.read(0, 6), "headxx");
  EXPECT_EQ(body.read(body.size() - 5, 100), "xtail");
}

}  // namespace
}  // namespace smflow::emulator
