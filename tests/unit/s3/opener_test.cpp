#include "s3_fixture.hpp"
#include "support/fake_environment.hpp"

#include <smflow/base/clock.hpp>
#include <smflow/s3/opener.hpp>

namespace smflow::s3 {
namespace {

class Opener : public S3Test {
 protected:
  int asked_ = 0;
  const StoreOpener open_{[this]() -> Result<std::shared_ptr<aws::Client>> {
    ++asked_;
    return client_;
  }};
};

TEST_F(Opener, OpensFoldersWithoutAClient) {
  const auto store = open_("file://" + folder_.path().string());
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->uri(), "file://" + folder_.path().string());
  EXPECT_EQ(open_("ftp://x").error().code, "E152");
  EXPECT_EQ(open_("s3://..").error().code, "E444");
  EXPECT_EQ(asked_, 0);
}

TEST_F(Opener, OpensBucketsWithOneClient) {
  const std::function<Result<std::unique_ptr<storage::Store>>(std::string_view)> open = open_;
  ASSERT_TRUE(open("s3://bucket/p").value()->put("a", "text"));
  EXPECT_EQ(open_("s3://bucket").value()->get("p/a").value(), "text");
  EXPECT_EQ(asked_, 1);
}

TEST_F(Opener, SaysWhyThereIsNoClientEachTime) {
  int asked = 0;
  const StoreOpener open([&asked]() -> Result<std::shared_ptr<aws::Client>> {
    ++asked;
    return tl::unexpected(Error{.code = "E410", .message = "no region"});
  });
  EXPECT_EQ(open("s3://bucket").error().code, "E410");
  EXPECT_EQ(open("s3://bucket").error().code, "E410");
  EXPECT_EQ(asked, 2);
}

TEST_F(Opener, TakesTheClientOfASession) {
  const test::FakeEnvironment environment{{"AWS_ACCESS_KEY_ID", "KEY"},
                                          {"AWS_SECRET_ACCESS_KEY", "secret"},
                                          {"AWS_REGION", "eu-west-1"},
                                          {"HOME", folder_.path().string()}};
  SystemClock clock;
  SystemRandom random;
  const auto session = aws::Session::open({.environment = environment.lookup()}, s3_, clock, random);
  ASSERT_TRUE(session);
  const StoreOpener open(client_of(**session, "https://s3.fake"));
  ASSERT_TRUE(open("s3://bucket").value()->put("a", "text"));
  EXPECT_EQ(s3_.object("a")->content, "text");
}

}  // namespace
}  // namespace smflow::s3
