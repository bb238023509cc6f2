#include <gtest/gtest.h>

#include <smflow/s3/location.hpp>

namespace smflow::s3 {
namespace {

TEST(Location, IsABucketAndAPrefix) {
  for (const char* const uri : {"s3://my-bucket", "s3://my-bucket/"}) {
    const auto place = parse_s3_uri(uri);
    ASSERT_TRUE(place) << uri;
    EXPECT_EQ(place->bucket, "my-bucket");
    EXPECT_EQ(place->prefix, "");
  }
  for (const char* const uri : {"s3://my-bucket/a b/%20", "s3://my-bucket/a b/%20/"}) {
    EXPECT_EQ(parse_s3_uri(uri).value().prefix, "a b/%20") << uri;
  }
}

TEST(Location, RefusesWhatIsNoPlaceOnS3) {
  for (const char* const uri :
       {"", "bucket", "file:///x", "S3://bucket", "s3://", "s3:///x", "s3://a", "s3://b@d/x", "s3://a..b",
        "s3://bucket/../x", "s3://bucket//x", "s3://bucket/a//b", "s3://bucket//", "s3://bucket/./x"}) {
    const auto place = parse_s3_uri(uri);
    ASSERT_FALSE(place) << uri;
    EXPECT_EQ(place.error().code, "E444") << uri;
  }
}

}  // namespace
}  // namespace smflow::s3
