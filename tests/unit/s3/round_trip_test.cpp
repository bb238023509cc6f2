#include "s3_fixture.hpp"

namespace smflow::s3 {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;

// Faults of the network and of S3, each as likely as the other, at any call.
class Faults {
 public:
  Faults(test::FakeS3& s3, unsigned seed) : random_(seed) {
    s3.before = [this](const test::FakeS3::Call&) -> std::optional<test::FakeS3::Sent> {
      switch (draw(30)) {
        case 0:
          return test::s3_error(503, "SlowDown");
        case 1:
          return test::s3_error(500, "InternalError");
        case 2:
          return tl::unexpected(lost(http::TransportError::Kind::broken));
        default:
          return std::nullopt;
      }
    };
    s3.after = [this](const test::FakeS3::Call&, test::FakeS3::Sent& sent) {
      if (draw(20) == 0) sent = tl::unexpected(lost(http::TransportError::Kind::stalled));
    };
    // Seldom: an answer that breaks off in its bytes is asked for four times only.
    s3.spoil = [this](const test::FakeS3::Call&, std::string& bytes) {
      if (draw(50) != 0) return true;
      bytes.resize(bytes.size() / 2);
      return false;
    };
  }

 private:
  static http::TransportError lost(http::TransportError::Kind kind) { return {kind, "lost on its way"}; }
  unsigned draw(unsigned below) {
    const std::lock_guard lock(mutex_);
    return random_() % below;
  }

  std::mutex mutex_;
  std::mt19937 random_;
};

class RoundTrip : public testing::TestWithParam<unsigned> {};

TEST_P(RoundTrip, FoldersComeBackByteForByteInSpiteOfFaults) {
  const unsigned seed = GetParam();
  std::mt19937 random(seed);
  const test::TemporaryFolder folder;
  test::FakeS3 s3;
  const Faults faults(s3, seed);
  for (unsigned i = 0, files = 5 + random() % 20; i < files; ++i) {
    folder.write("up/" + std::to_string(random() % 4) + "/" + std::to_string(i), random_bytes(random() % 6000, i));
  }
  S3Store store(s3.client(12), {"bucket", "p"}, {.connections = 5, .least_part = 700});
  const auto up = storage::sync_up(store, "", folder / "up");
  ASSERT_TRUE(up) << up.error().message;
  const auto down = storage::sync_down(store, "", folder / "down");
  ASSERT_TRUE(down) << down.error().message;
  EXPECT_EQ(up->copied, down->copied);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "up")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(slurp(entry.path()), slurp(folder / "down" / entry.path().lexically_relative(folder / "up")));
  }
}

TEST_P(RoundTrip, AFailedUploadOfANewKeyLeavesNothing) {
  const unsigned seed = GetParam();
  const test::TemporaryFolder folder;
  test::FakeS3 s3;
  const auto client = s3.client(1);
  const std::string content = random_bytes(3000 + seed, seed);
  const fs::path file = folder.write("file", content);
  // The call of this number and all after it but the abort fail.
  std::atomic<unsigned> calls = 0;
  s3.before = [&](const test::FakeS3::Call& call) -> std::optional<test::FakeS3::Sent> {
    if (call.operation == "AbortMultipartUpload" || calls++ < seed) return std::nullopt;
    return test::s3_error(500, "InternalError");
  };
  const auto done = upload_file(*client, {"bucket", "k"}, file, true, {.connections = 3, .least_part = 1000});
  EXPECT_EQ(done.has_value(), s3.object("k").has_value());
  EXPECT_EQ(s3.open_uploads(), 0u);
  if (done) {
    EXPECT_EQ(s3.object("k")->content, content);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoundTrip, testing::Range(0u, 12u));

}  // namespace
}  // namespace smflow::s3
