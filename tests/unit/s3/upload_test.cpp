#include "s3_fixture.hpp"

#include <fstream>
#include <latch>

namespace smflow::s3 {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const http::TransportError lost{http::TransportError::Kind::broken, "the answer was lost"};

class Upload : public S3Test {
 protected:
  fs::path file(std::size_t size) { return folder_.write("file", content_ = random_bytes(size)); }
  Result<void> upload(const fs::path& file, bool only_new = true) {
    return upload_file(*client_, object_, file, only_new, options_);
  }
  // What is expected when an upload of 5 parts fails.
  Error failure_of_five_parts() {
    const auto done = upload(file(4500));
    EXPECT_FALSE(done);
    EXPECT_EQ(s3_.open_uploads(), 0u);
    EXPECT_FALSE(s3_.object(object_.key));
    return done ? Error{} : done.error();
  }

  std::string content_;
};

TEST_F(Upload, SendsASmallFileInOnePiece) {
  for (const std::size_t size : {0, 1, 999}) {
    ASSERT_TRUE(upload(file(size), false));
    EXPECT_EQ(s3_.object(object_.key)->content, content_);
  }
  EXPECT_EQ(s3_.count("PutObject"), 3);
  EXPECT_EQ(s3_.calls().size(), 3u);
}

TEST_F(Upload, SendsALargeFileInParts) {
  for (const std::size_t size : {1000, 1001, 4500, 5000}) {
    ASSERT_TRUE(upload(file(size), false));
    EXPECT_EQ(s3_.object(object_.key)->content, content_);
  }
  EXPECT_EQ(s3_.count("UploadPart"), 1 + 2 + 5 + 5);
  EXPECT_EQ(s3_.count("PutObject"), 0);
  EXPECT_EQ(s3_.open_uploads(), 0u);
}

TEST_F(Upload, PartsTravelSideBySide) {
  std::latch four(4);  // waits for ever when they do not
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation == "UploadPart" && call.part <= 4) four.arrive_and_wait();
    return std::nullopt;
  };
  ASSERT_TRUE(upload(file(12'000)));
  EXPECT_EQ(s3_.most_at_once(), 4);
}

TEST_F(Upload, TransfersShareTheirSlots) {
  options_.slots = std::make_shared<Slots>(2);
  ASSERT_TRUE(upload(file(12'000)));
  EXPECT_LE(s3_.most_at_once(), 2);
}

TEST_F(Upload, NeverReplacesWhatIsThereWhenTheKeyHasToBeNew) {
  s3_.put(object_.key, "theirs");
  for (const std::size_t size : {10, 4500}) {
    const auto done = upload(file(size));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "E142");
    EXPECT_EQ(done.error().exit, ExitCode::conflict);
    EXPECT_THAT(done.error().message, HasSubstr("s3://bucket/a/b c"));
    EXPECT_EQ(s3_.object(object_.key)->content, "theirs");
    EXPECT_EQ(s3_.open_uploads(), 0u);
  }
}

TEST_F(Upload, TellsItsProgress) {
  std::vector<std::uint64_t> seen;
  options_.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 4500u);
    seen.push_back(done);
  };
  ASSERT_TRUE(upload(file(4500)));
  ASSERT_EQ(seen.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(seen.back(), 4500u);
}

TEST_F(Upload, GoesOnAfterBeingAskedToSlowDown) {
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.part == 2 && call.number == 1) return test::s3_error(503, "SlowDown");
    return std::nullopt;
  };
  ASSERT_TRUE(upload(file(4500)));
  EXPECT_EQ(s3_.object(object_.key)->content, content_);
}

TEST_F(Upload, GoesOnWhenAPartHasFailedForSeconds) {
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.part == 2 && call.number <= 7) return test::s3_error(500, "InternalError");
    return std::nullopt;
  };
  ASSERT_TRUE(upload(file(4500)));
  EXPECT_EQ(s3_.object(object_.key)->content, content_);
  EXPECT_THAT(s3_.pauses(), ElementsAre(25ms, 50ms, 500ms, 25ms, 50ms, 1000ms, 25ms));
}

TEST_F(Upload, IsAbortedWhenAPartFailsForGood) {
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.part == 2) return test::s3_error(503, "SlowDown");
    return std::nullopt;
  };
  EXPECT_EQ(failure_of_five_parts().code, "E423");
  EXPECT_EQ(s3_.count("AbortMultipartUpload"), 1);
}

TEST_F(Upload, IsAbortedWhenItIsNotAllowed) {
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.part == 1) return test::s3_error(403, "AccessDenied");
    return std::nullopt;
  };
  const Error error = failure_of_five_parts();
  EXPECT_EQ(error.code, "E420");
  EXPECT_THAT(error.message, HasSubstr("request id r-1"));
}

TEST_F(Upload, NeedsTheETagOfEachPart) {
  s3_.after = [](const Call& call, Sent& sent) {
    if (call.part == 3) sent->headers.clear();
  };
  EXPECT_EQ(failure_of_five_parts().code, "E430");
  EXPECT_EQ(s3_.count("CompleteMultipartUpload"), 0);
}

TEST_F(Upload, TakesAnErrorInsideOfASuccessForAnError) {
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.operation != "CompleteMultipartUpload") return std::nullopt;
    return http::Response{200, {}, "  \n<Error><Code>AccessDenied</Code></Error>"};
  };
  EXPECT_EQ(failure_of_five_parts().code, "E420");
}

TEST_F(Upload, SucceedsWhenOnlyTheAnswerWasLost) {
  s3_.after = [](const Call& call, Sent& sent) {
    const bool last = call.operation == "CompleteMultipartUpload" || call.operation == "PutObject";
    if (last && call.number == 1) sent = tl::unexpected(lost);
  };
  for (const std::size_t size : {4500, 10}) {
    aws::ObjectName object{"bucket", std::to_string(size)};
    ASSERT_TRUE(upload_file(*client_, object, file(size), true, options_)) << size;
    EXPECT_EQ(s3_.object(object.key)->content, content_);
  }
}

TEST_F(Upload, IsAbortedWhenItIsCancelled) {
  std::stop_source source;
  options_.stop = source.get_token();
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 3) source.request_stop();
    return std::nullopt;
  };
  EXPECT_EQ(failure_of_five_parts().exit, ExitCode::interrupted);
  EXPECT_EQ(s3_.count("AbortMultipartUpload"), 1);
}

TEST_F(Upload, RefusesAFileThatIsTruncatedMeanwhile) {
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 2) fs::resize_file(folder_ / "file", 100);
    return std::nullopt;
  };
  const Error error = failure_of_five_parts();
  EXPECT_EQ(error.code, "E440");
  EXPECT_THAT(error.message, HasSubstr("changed while it was uploaded"));
}

TEST_F(Upload, RefusesAFileThatIsRewrittenMeanwhile) {
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 5) std::fstream(folder_ / "file") << "other bytes, same size";
    return std::nullopt;
  };
  EXPECT_EQ(failure_of_five_parts().code, "E440");
  EXPECT_EQ(s3_.count("CompleteMultipartUpload"), 0);
}

TEST_F(Upload, RefusesASmallFileThatIsTruncatedMeanwhile) {
  s3_.before = [&](const Call&) -> std::optional<Sent> {
    fs::resize_file(folder_ / "file", 5);
    return std::nullopt;
  };
  const auto done = upload(file(10));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "E440");
}

TEST_F(Upload, SendsOnceMoreWhatWasDamagedOnItsWay) {
  int damaged = 1;
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 1 && call.number <= damaged) return test::s3_error(400, "BadDigest");
    return std::nullopt;
  };
  ASSERT_TRUE(upload(file(4500)));
  EXPECT_EQ(s3_.object(object_.key)->content, content_);
  s3_.put(object_.key, "old");
  damaged = 100;
  EXPECT_EQ(upload(file(4500), false).error().code, "E427");
  EXPECT_EQ(s3_.object(object_.key)->content, "old");
}

TEST_F(Upload, NeedsARegularFile) {
  EXPECT_EQ(upload(folder_ / "none").error().code, "E900");
  EXPECT_EQ(upload(folder_.path()).error().code, "E901");
  EXPECT_TRUE(s3_.calls().empty());
}

}  // namespace
}  // namespace smflow::s3
