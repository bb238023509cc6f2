#include "length_check.hpp"

#include <gtest/gtest.h>

namespace smflow::http {
namespace {

TEST(PromisedLength, IsThatOfTheRangeGivenElseOfTheRangeAskedFor) {
  const Headers asked = {{"range", "bytes=10-19"}};
  EXPECT_EQ(promised_length(asked, {.status = 206}), 10u);
  EXPECT_EQ(promised_length(asked, {.status = 206, .headers = {{"Content-Range", "bytes 10-12/13"}}}), 3u);
  EXPECT_EQ(promised_length(asked, {.status = 200}), std::nullopt);
  EXPECT_EQ(promised_length({{"Range", "bytes=10-"}}, {.status = 206}), std::nullopt);
  EXPECT_EQ(promised_length({{"Range", "bytes=9-1"}}, {.status = 206}), std::nullopt);
  EXPECT_EQ(promised_length({{"Range", "bytes=0-18446744073709551615"}}, {.status = 206}), std::nullopt);
}

}  // namespace
}  // namespace smflow::http
