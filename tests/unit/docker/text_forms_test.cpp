#include "text_forms.hpp"

#include <gtest/gtest.h>

namespace smflow::docker {
namespace {

TEST(EngineTextForms, EscapesWhatAnUrlCannotCarry) {
  EXPECT_EQ(escape_path("127.0.0.1:5000/a/b?c"), "127.0.0.1%3A5000/a/b%3Fc");
  EXPECT_EQ(query({{"t", "a:1"}, {"t", "b"}, {"none", ""}}), "?t=a%3A1&t=b");
  EXPECT_EQ(query({}), "");
}

}  // namespace
}  // namespace smflow::docker
