#include "client_fixture.hpp"

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/operations/s3.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;
using Kind = AwsError::Kind;

const ObjectName object{"bucket", "a/b c"};
const std::string url_of_object = "https://bucket.s3.eu-west-1.amazonaws.com/a/b%20c";

class S3Operations : public ClientTest {
 protected:
  const test::FakeTransport::Exchange& sent(std::size_t index = 0) const { return transport_.exchanges().at(index); }
  std::unique_ptr<Client> client_ = client(s3);
};

PutObjectInput nine_digits() {
  const std::string text = "123456789";
  return {.object = object, .body = http::body_of(text), .crc64nvme = crc64nvme(std::as_bytes(std::span(text)))};
}

TEST_F(S3Operations, PutSendsTheChecksumAndAnUnsignedBodyOverHttps) {
  transport_.answer(200, "", {{"ETag", "\"e\""}});
  EXPECT_EQ(put_object(*client_, nine_digits()).value(), "\"e\"");
  EXPECT_EQ(sent().request.method, "PUT");
  EXPECT_EQ(sent().request.url, url_of_object);
  EXPECT_EQ(sent().body, "123456789");
  EXPECT_EQ(sent().header("x-amz-checksum-crc64nvme"), "rosUhgp5mIg=");
  EXPECT_EQ(sent().header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(sent().header("If-None-Match"), "");
}

TEST_F(S3Operations, PutSaysThatAPageIsOne) {
  PutObjectInput page = nine_digits();
  page.object.key = "team/board.html";
  for (const auto& [input, type] :
       {std::pair(nine_digits(), "application/octet-stream"), std::pair(page, "text/html; charset=utf-8")}) {
    transport_.answer(200, "", {{"ETag", "\"e\""}});
    ASSERT_TRUE(put_object(*client_, input));
    EXPECT_EQ(transport_.exchanges().back().header("Content-Type"), type);
  }
}

TEST_F(S3Operations, PutSignsTheBodyOverHttp) {
  client_ = client(s3, {.url = "http://127.0.0.1:9000"});
  transport_.answer(200, "", {{"ETag", "\"e\""}});
  ASSERT_TRUE(put_object(*client_, nine_digits()));
  EXPECT_EQ(sent().header("x-amz-content-sha256").size(), 64u);
}

TEST_F(S3Operations, PutOfANewObjectIsAConflictWhenTheKeyExists) {
  transport_.answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
  PutObjectInput input = nine_digits();
  input.only_new = true;
  EXPECT_EQ(put_object(*client_, input).error().kind, Kind::conflict);
  EXPECT_EQ(sent().header("If-None-Match"), "*");
}

TEST_F(S3Operations, PutOfANewObjectWhoseAnswerWasLostIsASuccess) {
  PutObjectInput input = nine_digits();
  input.only_new = true;
  for (const char* const size : {"9", "8"}) {
    transport_.fail(http::TransportError::Kind::broken);
    transport_.answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
    transport_.answer(200, "",
                      {{"Content-Length", size}, {"ETag", "\"e\""}, {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="}});
    EXPECT_EQ(put_object(*client_, input).has_value(), std::string(size) == "9") << size;
  }
}

TEST_F(S3Operations, HeadTellsSizeTimeAndTheChecksumOfTheWhole) {
  transport_.answer(200, "",
                    {{"Content-Length", "7"},
                     {"ETag", "\"e\""},
                     {"Last-Modified", "Mon, 15 Jan 2024 12:00:00 GMT"},
                     {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="},
                     {"x-amz-checksum-type", "FULL_OBJECT"}});
  const auto head = head_object(*client_, object);
  ASSERT_TRUE(head);
  EXPECT_EQ(sent().header("x-amz-checksum-mode"), "ENABLED");
  EXPECT_EQ(head->size, 7u);
  EXPECT_EQ(head->etag, "\"e\"");
  EXPECT_EQ(head->checksum, (ObjectChecksum{ChecksumAlgorithm::crc64nvme, "rosUhgp5mIg="}));
  EXPECT_EQ(head->modified, WallTime{std::chrono::seconds{1705320000}});
}

TEST_F(S3Operations, HeadTellsTheChecksumOfEveryAlgorithmAndKind) {
  struct Row {
    const char* name;
    const char* value;
    const char* type;
    std::optional<ObjectChecksum> expected;
  };
  using enum ChecksumAlgorithm;
  const Row rows[] = {{"crc32", "y/Q5Jg==", "FULL_OBJECT", ObjectChecksum{crc32, "y/Q5Jg=="}},
                      {"crc32c", "4waSgw==", "", ObjectChecksum{crc32c, "4waSgw=="}},
                      {"sha1", "abc=-3", "COMPOSITE", ObjectChecksum{sha1, "abc=", 3}},
                      {"sha256", "abc=-10000", "", ObjectChecksum{sha256, "abc=", 10'000}},
                      {"sha256", "abc=", "COMPOSITE", std::nullopt},
                      {"sha256", "abc=-0", "COMPOSITE", std::nullopt},
                      {"sha256", "abc=-10001", "COMPOSITE", std::nullopt},
                      {"sha256", "abc=-x", "COMPOSITE", std::nullopt},
                      {"xxhash", "abc=", "FULL_OBJECT", std::nullopt}};
  for (const Row& row : rows) {
    transport_.answer(200, "",
                      {{"Content-Length", "7"},
                       {std::string("x-amz-checksum-") + row.name, row.value},
                       {"x-amz-checksum-type", row.type}});
    EXPECT_EQ(head_object(*client_, object).value().checksum, row.expected) << row.name << " " << row.value;
  }
}

TEST_F(S3Operations, HeadOfAPartTellsItsSize) {
  transport_.answer(206, "", {{"Content-Length", "5"}, {"x-amz-mp-parts-count", "2"}});
  EXPECT_EQ(head_part(*client_, {object, "\"e\"", 2}).value(), 5u);
  EXPECT_EQ(sent().request.url, url_of_object + "?partNumber=2");
  EXPECT_EQ(sent().header("If-Match"), "\"e\"");
}

TEST_F(S3Operations, HeadNeedsASize) {
  transport_.answer(200, "", {{"Content-Length", "7x"}});
  EXPECT_EQ(head_object(*client_, object).error().kind, Kind::answer);
}

const GetObjectInput ten_bytes{.object = object, .range = ByteRange{10, 10}, .if_match = "\"e\""};

TEST_F(S3Operations, GetAsksForARangeOfOneVersion) {
  transport_.answer(206, "0123456789", {{"Content-Range", "bytes 10-19/100"}, {"ETag", "\"e\""}});
  const auto got = get_object(*client_, ten_bytes);
  ASSERT_TRUE(got);
  EXPECT_EQ(sent().header("Range"), "bytes=10-19");
  EXPECT_EQ(sent().header("If-Match"), "\"e\"");
  EXPECT_EQ(got->body, "0123456789");
  EXPECT_EQ(got->head.size, 100u);
}

TEST_F(S3Operations, GetRefusesAnotherRangeThanTheOneAskedFor) {
  transport_.answer(206, "0123456789", {{"Content-Range", "bytes 0-9/100"}});
  transport_.answer(200, "0123456789", {{"Content-Length", "10"}});
  transport_.answer(206, "01234", {{"Content-Range", "bytes 10-19/100"}});
  for (const char* const what : {"another range", "the range was ignored", "cut short"}) {
    const auto got = get_object(*client_, ten_bytes);
    ASSERT_FALSE(got) << what;
    EXPECT_EQ(got.error().kind, Kind::answer) << what;
  }
}

TEST_F(S3Operations, GetOfAReplacedObjectIsAConflict) {
  transport_.answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
  const auto got = get_object(*client_, ten_bytes);
  EXPECT_EQ(got.error().kind, Kind::conflict);
  EXPECT_EQ(got.error().status, 412);
}

TEST_F(S3Operations, HeadBucketTellsTheRegion) {
  transport_.answer(200, "", {{"x-amz-bucket-region", "us-east-2"}});
  transport_.answer(200);
  EXPECT_EQ(head_bucket(*client_, "bucket").value(), "us-east-2");
  EXPECT_EQ(head_bucket(*client_, "bucket").value(), "eu-west-1");
}

TEST_F(S3Operations, HeadBucketTellsTheRegionAlsoToWhoMayNotReadTheBucket) {
  transport_.answer(403, "", {{"x-amz-bucket-region", "us-east-2"}});
  const auto region = head_bucket(*client_, "bucket");
  EXPECT_EQ(region.error().kind, Kind::access_denied);
  EXPECT_EQ(region.error().bucket_region, "us-east-2");
}

std::string page_of(const std::string& key, const std::string& rest) {
  return "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>" + key +
         "</Key><Size>3</Size><LastModified>2024-01-15T12:00:00.000Z</LastModified></Contents>" + rest +
         "</ListBucketResult>";
}

TEST_F(S3Operations, ListAsksForEveryPageAndDecodesKeys) {
  transport_.answer(200, page_of("a%01%2B+b",
                                 "<IsTruncated>true</IsTruncated>"
                                 "<NextContinuationToken>t+/=</NextContinuationToken>"));
  transport_.answer(200, page_of("z", "<IsTruncated>false</IsTruncated>"));
  const auto listed = list_objects(*client_, "bucket", "a b/");
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].key, "a\x01+ b");
  EXPECT_EQ((*listed)[0].size, 3u);
  EXPECT_EQ((*listed)[0].modified, WallTime{std::chrono::seconds{1705320000}});
  EXPECT_EQ((*listed)[1].key, "z");
  EXPECT_THAT(sent().request.url, HasSubstr("prefix=a%20b%2F"));
  EXPECT_THAT(sent(1).request.url, HasSubstr("continuation-token=t%2B%2F%3D"));
}

TEST_F(S3Operations, ListRefusesAPageThatDoesNotSayHowToGoOn) {
  const std::string again = "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
  transport_.answer(200, page_of("a", "<IsTruncated>true</IsTruncated>"));
  EXPECT_EQ(list_objects(*client_, "bucket", "").error().kind, Kind::answer);
  transport_.answer(200, page_of("a", again));
  transport_.answer(200, page_of("a", again));
  EXPECT_THAT(list_objects(*client_, "bucket", "").error().message, HasSubstr("circle"));
}

TEST_F(S3Operations, ListRefusesWhatIsNoListing) {
  for (const char* const body :
       {"", "<Other/>", "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>"}) {
    transport_.answer(200, body);
    EXPECT_EQ(list_objects(*client_, "bucket", "").error().kind, Kind::answer) << body;
  }
}

TEST_F(S3Operations, DeleteIsContentWhenThereIsNothing) {
  transport_.answer(204);
  transport_.answer(404, "<Error><Code>NoSuchKey</Code></Error>");
  transport_.answer(403, "<Error><Code>AccessDenied</Code></Error>");
  EXPECT_TRUE(delete_object(*client_, object));
  EXPECT_TRUE(delete_object(*client_, object));
  EXPECT_EQ(delete_object(*client_, object).error().kind, Kind::access_denied);
  EXPECT_EQ(sent().request.method, "DELETE");
}

TEST_F(S3Operations, CopyNamesItsSourceAndNeedsAResult) {
  transport_.answer(200, "<CopyObjectResult/>");
  transport_.answer(200, "");
  EXPECT_TRUE(copy_object(*client_, {"from", "x y/z"}, object));
  EXPECT_EQ(sent().header("x-amz-copy-source"), "/from/x%20y/z");
  EXPECT_EQ(copy_object(*client_, {"from", "x"}, object).error().kind, Kind::answer);
}

const MultipartUpload upload{object, "u+1"};

TEST_F(S3Operations, CreateAsksForAChecksumOfTheWhole) {
  transport_.answer(200, "<InitiateMultipartUploadResult><UploadId>u+1</UploadId></InitiateMultipartUploadResult>");
  transport_.answer(200, "<InitiateMultipartUploadResult/>");
  EXPECT_EQ(create_multipart_upload(*client_, object).value().id, "u+1");
  EXPECT_EQ(sent().request.method, "POST");
  EXPECT_EQ(sent().request.url, url_of_object + "?uploads=");
  EXPECT_EQ(sent().header("x-amz-checksum-type"), "FULL_OBJECT");
  EXPECT_EQ(create_multipart_upload(*client_, object).error().kind, Kind::answer);
}

TEST_F(S3Operations, APartNeedsAnETag) {
  transport_.answer(200, "", {{"ETag", "\"p\""}});
  transport_.answer(200);
  const UploadPartInput part{.upload = upload, .number = 7, .body = http::body_of("x")};
  EXPECT_EQ(upload_part(*client_, part).value(), "\"p\"");
  EXPECT_EQ(sent().request.url, url_of_object + "?partNumber=7&uploadId=u%2B1");
  EXPECT_EQ(upload_part(*client_, part).error().kind, Kind::answer);
}

const CompleteInput whole{.upload = upload, .parts = {{1, "\"p\""}, {2, "\"q\""}}, .size = 9, .crc64nvme = 5};

TEST_F(S3Operations, CompleteListsThePartsAndSaysSizeAndChecksum) {
  transport_.answer(200, "  \n<CompleteMultipartUploadResult/>");
  ASSERT_TRUE(complete_multipart_upload(*client_, whole));
  EXPECT_THAT(sent().body, HasSubstr("<Part><PartNumber>2</PartNumber><ETag>"));
  EXPECT_EQ(sent().header("x-amz-mp-object-size"), "9");
  EXPECT_EQ(sent().header("x-amz-checksum-crc64nvme"), checksum_text(std::uint64_t{5}));
}

TEST_F(S3Operations, CompleteReportsAnErrorInsideOfASuccess) {
  transport_.answer(200, "<Error><Code>AccessDenied</Code></Error>");
  transport_.answer(200, "");
  EXPECT_EQ(complete_multipart_upload(*client_, whole).error().kind, Kind::access_denied);
  EXPECT_EQ(complete_multipart_upload(*client_, whole).error().kind, Kind::answer);
}

class LostAnswer : public S3Operations {
 protected:
  void head_says(const std::string& size, std::uint64_t crc) {
    transport_.fail(http::TransportError::Kind::broken);
    transport_.answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
    transport_.answer(200, "", {{"Content-Length", size}, {"x-amz-checksum-crc64nvme", checksum_text(crc)}});
  }
};

TEST_F(LostAnswer, IsASuccessWhenTheObjectIsThere) {
  head_says("9", 5);
  EXPECT_TRUE(complete_multipart_upload(*client_, whole));
  EXPECT_EQ(sent(2).request.method, "HEAD");
}

TEST_F(LostAnswer, IsAFailureWhenAnotherObjectIsThere) {
  head_says("8", 5);
  EXPECT_EQ(complete_multipart_upload(*client_, whole).error().code, "NoSuchUpload");
  head_says("9", 6);
  EXPECT_EQ(complete_multipart_upload(*client_, whole).error().code, "NoSuchUpload");
}

TEST_F(LostAnswer, IsASuccessAlsoWhenTheKeyHadToBeNew) {
  transport_.fail(http::TransportError::Kind::broken);
  transport_.answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
  transport_.answer(200, "", {{"Content-Length", "9"}, {"x-amz-checksum-crc64nvme", checksum_text(std::uint64_t{5})}});
  EXPECT_TRUE(complete_multipart_upload(*client_, whole));
}

TEST_F(LostAnswer, IsNotAssumedAfterOneAttempt) {
  transport_.answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
  EXPECT_EQ(complete_multipart_upload(*client_, whole).error().code, "NoSuchUpload");
  EXPECT_EQ(transport_.exchanges().size(), 1u);
}

TEST_F(S3Operations, AbortIsContentWhenThereIsNothing) {
  transport_.answer(204);
  transport_.answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
  transport_.answer(403, "<Error><Code>AccessDenied</Code></Error>");
  EXPECT_TRUE(abort_multipart_upload(*client_, upload));
  EXPECT_TRUE(abort_multipart_upload(*client_, upload));
  EXPECT_FALSE(abort_multipart_upload(*client_, upload));
  EXPECT_EQ(sent().request.url, url_of_object + "?uploadId=u%2B1");
  EXPECT_LE(sent().request.limits.total, std::chrono::seconds{3});
}

TEST_F(S3Operations, NoChecksumIsSentOrAskedForThatIsNotRequired) {
  ClientParts wanting_none = parts();
  wanting_none.sent_checksums = wanting_none.checked_checksums = Checksums::when_required;
  Client client(s3, "eu-west-1", {}, wanting_none);
  transport_.otherwise = [](const auto&) {
    return http::Response{200,
                          {{"ETag", "\"e\""}, {"Content-Length", "0"}, {"x-amz-checksum-crc64nvme", "AAAAAAAAAAA="}},
                          "<CompleteMultipartUploadResult/>"};
  };
  EXPECT_TRUE(put_object(client, nine_digits()));
  EXPECT_TRUE(upload_part(client, {.upload = upload, .number = 7, .body = http::body_of("x")}));
  EXPECT_TRUE(complete_multipart_upload(client, {.upload = upload, .parts = {{1, "\"p\""}}, .size = 9}));
  EXPECT_FALSE(create_multipart_upload(client, object));
  EXPECT_EQ(head_object(client, object).value().checksum, std::nullopt);
  EXPECT_FALSE(get_object(client, {.object = object}));
  for (const auto& exchange : transport_.exchanges()) {
    for (const http::Header& header : exchange.request.headers) {
      EXPECT_THAT(header.name, testing::Not(testing::StartsWith("x-amz-checksum"))) << exchange.request.url;
    }
  }
  EXPECT_EQ(transport_.exchanges().size(), 6u);
}

}  // namespace
}  // namespace smflow::aws
