#include "client_fixture.hpp"

#include <smflow/aws/operations/object_page.hpp>

namespace smflow::aws {
namespace {

TEST_F(ClientTest, ListsOnePageOfABucket) {
  transport_.answer(200,
                    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken>"
                    "<EncodingType>url</EncodingType><Contents><Key>d/a+b%2B</Key><Size>7</Size>"
                    "<LastModified>2024-01-15T12:00:00.000Z</LastModified></Contents>"
                    "</ListBucketResult>");
  const auto one = client(s3);
  const auto page = list_objects_page(*one, {.bucket = "bucket", .prefix = "d/", .token = "t", .most = 5});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects.at(0).key, "d/a b+");
  EXPECT_EQ(page->objects.at(0).size, 7u);
  EXPECT_EQ(page->next_token, "n");
  EXPECT_EQ(transport_.exchanges().back().request.url,
            "https://bucket.s3.eu-west-1.amazonaws.com/"
            "?continuation-token=t&encoding-type=url&list-type=2&max-keys=5&prefix=d%2F");
}

TEST_F(ClientTest, RefusesAPageThatIsNone) {
  const auto one = client(s3);
  const std::string rest = "<Size>1</Size><LastModified>2024-01-15T12:00:00.000Z</LastModified></Contents>";
  for (const std::string& body :
       {std::string("<Other/>"), "<ListBucketResult><Contents><Key></Key>" + rest + "</ListBucketResult>",
        std::string("<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>"),
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%7</Key>" + rest + "</ListBucketResult>",
        std::string("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")}) {
    transport_.answer(200, body);
    const auto page = list_objects_page(*one, {.bucket = "bucket", .prefix = ""});
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.error().kind, AwsError::Kind::answer) << body;
  }
}

}  // namespace
}  // namespace smflow::aws
