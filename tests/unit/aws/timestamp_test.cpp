#include <gtest/gtest.h>

#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {
namespace {

const WallTime noon = WallTime{std::chrono::seconds{1705320000}};  // 2024-01-15 12:00:00 UTC

TEST(Timestamp, IsWrittenAsTheSignatureWantsIt) {
  EXPECT_EQ(format_amz_date(noon), "20240115T120000Z");
}

TEST(Timestamp, OfIso8601IsReadInEveryForm) {
  for (const char* text : {"2024-01-15T12:00:00Z", "2024-01-15T12:00:00UTC", "2024-01-15T13:00:00+01:00",
                           "2024-01-15T11:30:00-0030", "2024-01-15 12:00:00.000Z"}) {
    EXPECT_EQ(parse_iso8601(text), noon) << text;
  }
  EXPECT_EQ(parse_iso8601("2024-01-15T12:00:00.1239Z"), noon + std::chrono::milliseconds{123});
}

TEST(Timestamp, ThatIsNoneIsRefused) {
  for (const char* text : {"", "2024-01-15", "2024-01-15T12:00:00", "2024-13-15T12:00:00Z", "2024-01-15T12:00:00.Z",
                           "2024-01-15T12:00:00Zx", "tomorrow", "2024-01-15T25:00:00Z"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

TEST(Timestamp, OfTheDateHeaderIsRead) {
  EXPECT_EQ(parse_http_date("Mon, 15 Jan 2024 12:00:00 GMT"), noon);
  for (const char* text : {"", "Mon, 15 Xyz 2024 12:00:00 GMT", "Monday, 15-Jan-24 12:00:00 GMT",
                           "Mon, 15 anF 2024 12:00:00 GMT", "Mon, 15 Jan 2024 12:00:00"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace smflow::aws
