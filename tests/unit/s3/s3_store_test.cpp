#include "s3_fixture.hpp"

namespace smflow::s3 {
namespace {

using smflow::test::slurp;
using testing::ElementsAre;
using testing::HasSubstr;

class S3StoreTest : public S3Test {
 protected:
  S3Store bucket_{client_, {"bucket", "runs"}, {.connections = 4, .least_part = 1000}};
  storage::Store& store_ = bucket_;
};

TEST_F(S3StoreTest, KeepsObjectsBelowItsPrefix) {
  ASSERT_TRUE(store_.put("a/b", "text"));
  EXPECT_EQ(s3_.object("runs/a/b")->content, "text");
  EXPECT_EQ(store_.get("a/b").value(), "text");
  EXPECT_TRUE(store_.exists("a/b").value());
  EXPECT_EQ(store_.find("a/b").value()->etag, store_.list("a").value().front().etag);
  EXPECT_EQ(store_.uri(), "s3://bucket/runs");
  EXPECT_EQ(store_.uri("a/b"), "s3://bucket/runs/a/b");
  S3Store bucket(client_, {"bucket"});
  storage::Store& whole = bucket;
  EXPECT_EQ(whole.uri("a"), "s3://bucket/a");
  EXPECT_EQ(whole.get("runs/a/b").value(), "text");
}

TEST_F(S3StoreTest, ReplacesOnlyWhenAsked) {
  ASSERT_TRUE(store_.put("a", "1"));
  EXPECT_EQ(store_.put("a", "2").error().code, "E142");
  EXPECT_EQ(store_.put_file("a", folder_.write("f", "2")).error().code, "E142");
  EXPECT_EQ(store_.get("a").value(), "1");
  ASSERT_TRUE(store_.put("a", "3", false));
  EXPECT_EQ(store_.get("a").value(), "3");
}

TEST_F(S3StoreTest, MovesFiles) {
  for (const std::size_t size : {10, 4500}) {
    const std::string content = random_bytes(size);
    ASSERT_TRUE(store_.put_file("x", folder_.write("up", content), false));
    ASSERT_TRUE(store_.get_file("x", folder_ / "new/folders/down"));
    EXPECT_EQ(slurp(folder_ / "new/folders/down"), content);
  }
}

TEST_F(S3StoreTest, SaysWhatIsNotThere) {
  EXPECT_EQ(store_.get("none").error().code, "E150");
  EXPECT_EQ(store_.get_file("none", folder_ / "f").error().code, "E150");
  EXPECT_FALSE(store_.exists("none").value());
  EXPECT_TRUE(store_.remove("none"));
  EXPECT_TRUE(store_.list("none").value().empty());
}

TEST_F(S3StoreTest, SaysWhenTheBucketIsNotThere) {
  s3_.before = [](const Call&) -> std::optional<Sent> { return test::s3_error(404, "NoSuchBucket"); };
  for (const Error& error : {store_.get("a").error(), store_.list("").error(), store_.put("a", "").error()}) {
    EXPECT_EQ(error.code, "E425");
    EXPECT_THAT(error.message, HasSubstr("NoSuchBucket"));
  }
}

TEST_F(S3StoreTest, KeepsTheWordsOfAws) {
  s3_.before = [](const Call&) -> std::optional<Sent> { return test::s3_error(403, "AccessDenied"); };
  for (const Error& error : {store_.get("a").error(), store_.list("").error(), store_.put("a", "").error(),
                             store_.exists("a").error(), store_.remove("a").error()}) {
    EXPECT_EQ(error.code, "E420");
    EXPECT_THAT(error.message, HasSubstr("AccessDenied"));
    EXPECT_THAT(error.message, HasSubstr("request id r-1"));
  }
}

TEST_F(S3StoreTest, KnowsThatTheClockIsBehind) {
  EXPECT_EQ(store_.clock_behind().count(), 0);
  s3_.before = [](const Call&) -> std::optional<Sent> {
    return http::Response{403, {{"Date", "Mon, 15 Jan 2096 12:00:00 GMT"}}, ""};
  };
  EXPECT_FALSE(store_.list(""));
  EXPECT_GT(store_.clock_behind(), std::chrono::years(1));
}

TEST_F(S3StoreTest, RemovesOneObject) {
  ASSERT_TRUE(store_.put("a", "1"));
  ASSERT_TRUE(store_.put("a/b", "2"));
  ASSERT_TRUE(store_.remove("a"));
  EXPECT_FALSE(store_.exists("a").value());
  EXPECT_TRUE(store_.exists("a/b").value());
}

TEST_F(S3StoreTest, BoundsWhatItReads) {
  ASSERT_TRUE(store_.put("a", "12345"));
  EXPECT_EQ(store_.get("a", 5).value(), "12345");
  EXPECT_EQ(store_.get("a", 4).error().code, "E901");
}

TEST_F(S3StoreTest, ReadsAPartOfAnObject) {
  ASSERT_TRUE(store_.put("a", "0123456789"));
  EXPECT_EQ(store_.get_range("a", 0, 3).value(), "012");
  EXPECT_EQ(store_.get_range("a", 7, 100).value(), "789");
  EXPECT_EQ(store_.get_range("a", 10, 1).value(), "");
  EXPECT_EQ(store_.get_range("none", 0, 1).error().code, "E150");
}

TEST_F(S3StoreTest, ChecksKeysBeforeItAsks) {
  for (const char* const key : {"", "/abs", "../x", "a/../x", "a//b", "a/", "./a", "a.tmp", "a/b.tmp-123abc"}) {
    EXPECT_EQ(store_.put(key, "").error().code, "E151") << key;
    EXPECT_EQ(store_.put_file(key, folder_.path()).error().code, "E151") << key;
    EXPECT_EQ(store_.get(key).error().code, "E151") << key;
    EXPECT_EQ(store_.get_range(key, 0, 1).error().code, "E151") << key;
    EXPECT_EQ(store_.get_file(key, folder_ / "x").error().code, "E151") << key;
    EXPECT_EQ(store_.exists(key).error().code, "E151") << key;
    EXPECT_EQ(store_.remove(key).error().code, "E151") << key;
  }
  EXPECT_EQ(store_.list("../x").error().code, "E151");
  EXPECT_TRUE(s3_.calls().empty());
}

std::vector<std::string> keys_of(const std::vector<storage::ObjectInfo>& objects) {
  std::vector<std::string> keys;
  for (const storage::ObjectInfo& object : objects) keys.push_back(object.key);
  return keys;
}

TEST_F(S3StoreTest, ListsAFolderOverSeveralPages) {
  for (const char* const key : {"runs/", "runs/d/", "runs/d/1", "runs/d/2 +%", "runs/d/e/3", "runs/d-x", "runsx/d/4"}) {
    s3_.put(key, "123");
  }
  const auto all = store_.list("");
  ASSERT_TRUE(all);
  EXPECT_THAT(keys_of(*all), ElementsAre("d-x", "d/", "d/1", "d/2 +%", "d/e/3"));
  for (const char* const prefix : {"d", "d/"}) {
    EXPECT_THAT(keys_of(store_.list(prefix).value()), ElementsAre("d/1", "d/2 +%", "d/e/3")) << prefix;
  }
  EXPECT_EQ(all->back().size, 3u);
  EXPECT_EQ(all->back().modified, 1'705'320'000'000'000'000);
}

}  // namespace
}  // namespace smflow::s3
