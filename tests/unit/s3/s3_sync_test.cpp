#include "s3_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace smflow::s3 {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using storage::sync_down;
using storage::sync_up;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class S3Sync : public S3Test {
 protected:
  // Older than the objects of the fake.
  void write_old(const std::string& name, const std::string& content) {
    const fs::path file = folder_.write("local/" + name, content);
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = 1'600'000'000, .tv_nsec = 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  }
  void write_many(int files) {
    for (int i = 0; i < files; ++i)
      write_old("d" + std::to_string(i % 7) + "/" + std::to_string(i), random_bytes(20, i));
  }

  S3Store store_{client_, {"bucket", "p"}, {.connections = 6, .least_part = 1000}};
  const fs::path local_ = folder_ / "local";
  const fs::path other_ = folder_ / "other";
};

TEST_F(S3Sync, FoldersTravelBothWays) {
  write_many(100);
  write_old("large", random_bytes(12'345));
  write_old("empty", "");
  const auto up = sync_up(store_, "f", local_);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->copied, 102u);
  EXPECT_EQ(s3_.objects().size(), 102u);
  const auto down = sync_down(store_, "f", other_);
  ASSERT_TRUE(down);
  EXPECT_EQ(down->copied, 102u);
  for (const auto& [key, object] : s3_.objects()) EXPECT_EQ(slurp(other_ / key.substr(4)), object.content) << key;
  EXPECT_LE(s3_.most_at_once(), 6);
}

TEST_F(S3Sync, CopiesNothingTwice) {
  write_many(10);
  ASSERT_TRUE(sync_up(store_, "f", local_));
  const auto up = sync_up(store_, "f", local_);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->copied, 0u);
  EXPECT_EQ(up->skipped, 10u);
  ASSERT_TRUE(sync_down(store_, "f", other_));
  EXPECT_EQ(sync_down(store_, "f", other_)->skipped, 10u);
  EXPECT_EQ(sync_up(store_, "f", other_)->skipped, 10u) << "back to where it came from";
  write_old("d0/0", random_bytes(21));
  EXPECT_EQ(sync_up(store_, "f", local_)->copied, 1u);
}

TEST_F(S3Sync, AnotherRunCopiesTheRest) {
  write_many(30);
  std::atomic<int> puts = 0;
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation == "PutObject" && ++puts > 10) return test::s3_error(403, "AccessDenied");
    return std::nullopt;
  };
  const auto failed = sync_up(store_, "f", local_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "E420");
  s3_.before = nullptr;
  const auto up = sync_up(store_, "f", local_);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->skipped, 10u);
  EXPECT_EQ(up->copied, 20u);
}

TEST_F(S3Sync, TellsItsProgress) {
  write_many(5);
  std::vector<std::uint64_t> seen;
  const auto note = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 100u);
    seen.push_back(done);
  };
  ASSERT_TRUE(sync_up(store_, "f", local_, {.progress = note}));
  EXPECT_THAT(seen, ElementsAre(20, 40, 60, 80, 100));
}

TEST_F(S3Sync, EndsWhenItIsAsked) {
  write_many(50);
  std::stop_source source;
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation == "PutObject") source.request_stop();
    return std::nullopt;
  };
  const auto up = sync_up(store_, "f", local_, {.stop = source.get_token()});
  ASSERT_FALSE(up);
  EXPECT_EQ(up.error().code, "E904");
  EXPECT_LT(s3_.objects().size(), 50u);
}

TEST_F(S3Sync, HostileKeysDoNotTouchTheDisk) {
  for (const char* const key : {"p/f/../../x", "p/f//abs", "p/f/a/", "p/f/./b", "p/f/c.tmp", "p/f/both", "p/f/both-x",
                                "p/f/both/inner", "p/f/good", "p/f/d/../../../etc/x"}) {
    s3_.put(key, "1");
  }
  const auto down = sync_down(store_, "f", other_);
  ASSERT_TRUE(down);
  EXPECT_EQ(down->copied, 3u);
  EXPECT_THAT(down->left_out,
              UnorderedElementsAre("../../x", "/abs", "a/", "./b", "c.tmp", "both", "d/../../../etc/x"));
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder_.path()).string());
  }
  EXPECT_THAT(files, UnorderedElementsAre("other/both-x", "other/both/inner", "other/good"));
}

TEST_F(S3Sync, DoesNotWriteThroughALinkThatLeaves) {
  fs::create_directories(other_);
  fs::create_directory(folder_ / "outside");
  fs::create_directory_symlink(folder_ / "outside", other_ / "d");
  s3_.put("p/f/d/x", "1");
  EXPECT_FALSE(sync_down(store_, "f", other_));
  EXPECT_TRUE(fs::is_empty(folder_ / "outside"));
}

}  // namespace
}  // namespace smflow::s3
