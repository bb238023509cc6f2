#include "support/temporary_folder.hpp"

#include <filesystem>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <smflow/storage/store.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

void set_time(const fs::path& file, std::int64_t seconds) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
}

// A store of another kind: the time of an object is that of its upload, as on S3.
class UploadTimeStore : public Store {
 public:
  explicit UploadTimeStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}
  std::string uri() const override { return "s3://bucket"; }
  std::string uri(std::string_view key) const override { return "s3://bucket/" + std::string(key); }
  Result<void> put(std::string_view key, std::string_view content, bool only_new) override {
    return inner_->put(key, content, only_new);
  }
  Result<void> put_file(std::string_view key, const fs::path& file, bool only_new) override {
    return inner_->put_file(key, file, only_new);
  }
  Result<std::string> get(std::string_view key, std::uint64_t limit) override { return inner_->get(key, limit); }
  Result<void> get_file(std::string_view key, const fs::path& file) override { return inner_->get_file(key, file); }
  Result<std::vector<ObjectInfo>> list(std::string_view prefix) override {
    auto objects = inner_->list(prefix);
    for (ObjectInfo& object : *objects) object.modified = upload_time;
    if (extra_key != nullptr) objects->push_back({extra_key, 1, 0});
    return objects;
  }
  Result<bool> exists(std::string_view key) override { return inner_->exists(key); }
  Result<void> remove(std::string_view key) override { return inner_->remove(key); }

  std::chrono::milliseconds clock_behind() const override { return behind; }

  std::int64_t upload_time = 0;
  std::chrono::milliseconds behind{0};
  const char* extra_key = nullptr;

 private:
  std::unique_ptr<Store> inner_;
};

class Sync : public testing::Test {
 protected:
  fs::path file(const std::string& name, const std::string& content, std::int64_t seconds = 1'600'000'000) {
    const fs::path path = folder_.write("local/" + name, content);
    set_time(path, seconds);
    return path;
  }
  SyncReport up(std::string_view prefix = "job") {
    auto report = sync_up(*store_, prefix, local_);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(SyncReport{});
  }
  SyncReport down(const fs::path& to, std::string_view prefix = "job") {
    auto report = sync_down(*store_, prefix, to);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(SyncReport{});
  }

  TemporaryFolder folder_;
  fs::path local_ = folder_ / "local";
  std::unique_ptr<Store> store_ = open_store("file://" + (folder_ / "store").string()).value();
};

TEST_F(Sync, UploadsWhatIsNewAndSkipsWhatIsThere) {
  file("a", "1");
  file("sub/b", "2");
  SyncReport report = up();
  EXPECT_EQ(report.copied, 2u);
  EXPECT_EQ(report.skipped, 0u);
  EXPECT_EQ(store_->get("job/sub/b").value(), "2");
  file("c", "3");
  report = up();
  EXPECT_EQ(report.copied, 1u);
  EXPECT_EQ(report.skipped, 2u);
}

TEST_F(Sync, UploadsAFileThatChangedWithoutChangingItsSize) {
  file("ckpt", "step 1", 1'600'000'000);
  up();
  file("ckpt", "step 2", 1'600'000'001);
  EXPECT_EQ(up().copied, 1u);
  EXPECT_EQ(store_->get("job/ckpt").value(), "step 2");
  // Older is a change too: somebody put a backup in its place.
  file("ckpt", "step 0", 1'500'000'000);
  EXPECT_EQ(up().copied, 1u);
  EXPECT_EQ(store_->get("job/ckpt").value(), "step 0");
}

// A second write within one tick of the file system's clock changes neither size nor time.
TEST_F(Sync, LooksAgainAtAFileThatWasWrittenAMomentAgo) {
  const fs::path ckpt = folder_.write("local/ckpt", "step 1");
  struct stat written {};
  ASSERT_EQ(::stat(ckpt.c_str(), &written), 0);
  up();
  folder_.write("local/ckpt", "step 2");
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, written.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, ckpt.c_str(), times, 0), 0);
  up();
  EXPECT_EQ(store_->get("job/ckpt").value(), "step 2");
}

TEST_F(Sync, BringsBackWhatWasUploadedAndSkipsItThen) {
  file("a", "1");
  file("sub/deep/b", "2");
  up();
  SyncReport report = down(folder_ / "restored");
  EXPECT_EQ(report.copied, 2u);
  EXPECT_EQ(slurp(folder_ / "restored/sub/deep/b"), "2");
  report = down(folder_ / "restored");
  EXPECT_EQ(report.copied, 0u);
  EXPECT_EQ(report.skipped, 2u);
  EXPECT_EQ(sync_up(*store_, "job", folder_ / "restored").value().skipped, 2u)
      << "a restored checkpoint is not uploaded again";
}

TEST_F(Sync, DownloadsOverAnOlderCopy) {
  file("a", "new");
  up();
  folder_.write("restored/a", "old");
  set_time(folder_ / "restored/a", 1'400'000'000);
  EXPECT_EQ(down(folder_ / "restored").copied, 1u);
  EXPECT_EQ(slurp(folder_ / "restored/a"), "new");
}

TEST_F(Sync, LeavesOutWorkInProgress) {
  file("model.pt", "done");
  file("model.pt.tmp-a1b2c3", "half");
  file("other.tmp", "half");
  file("sub.tmp/inside", "half");
  const SyncReport report = up();
  EXPECT_EQ(report.copied, 1u);
  EXPECT_THAT(report.left_out, IsEmpty());
  EXPECT_EQ(store_->list("").value().size(), 1u);
}

TEST_F(Sync, UploadsLinksInsideAsFilesAndNamesThoseThatLeave) {
  file("step-5.pt", "weights");
  folder_.write("secret", "of the host");
  fs::create_symlink("step-5.pt", local_ / "latest");
  fs::create_symlink("../secret", local_ / "leak");
  fs::create_symlink("/etc/hostname", local_ / "absolute");
  fs::create_symlink("missing", local_ / "dangling");
  fs::create_directory_symlink(".", local_ / "circle");
  ASSERT_EQ(::mkfifo((local_ / "fifo").c_str(), 0600), 0);
  const SyncReport report = up();
  EXPECT_EQ(report.copied, 2u);
  EXPECT_THAT(report.left_out, ElementsAre("absolute", "dangling", "fifo", "leak"));
  EXPECT_EQ(store_->get("job/latest").value(), "weights");
}

TEST_F(Sync, AMissingFolderIsLikeAnEmptyOne) {
  const auto report = sync_up(*store_, "job", folder_ / "none");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->copied, 0u);
  EXPECT_EQ(down(folder_ / "made").copied, 0u);
  EXPECT_TRUE(fs::is_directory(folder_ / "made"));
}

TEST_F(Sync, TakesPrefixesWithAndWithoutSlash) {
  file("a", "1");
  EXPECT_EQ(up("x/y/").copied, 1u);
  EXPECT_EQ(up("x/y").skipped, 1u);
  EXPECT_EQ(up("").copied, 1u);
  EXPECT_TRUE(store_->exists("a").value());
}

TEST_F(Sync, DoesNotDownloadThroughALinkThatLeaves) {
  file("sub/a", "1");
  up();
  fs::create_directories(folder_ / "elsewhere");
  fs::create_directories(folder_ / "restored");
  fs::create_symlink("../elsewhere", folder_ / "restored/sub");
  EXPECT_FALSE(sync_down(*store_, "job", folder_ / "restored"));
  EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
}

TEST_F(Sync, ComparesWithTheTimeOfTheUploadWhereTheStoreKeepsNoOther) {
  UploadTimeStore bucket(std::move(store_));
  file("a", "one", 1'600'000'000);
  ASSERT_EQ(sync_up(bucket, "job", local_).value().copied, 1u);
  bucket.upload_time = 1'600'000'100'000'000'000;
  EXPECT_EQ(sync_up(bucket, "job", local_).value().skipped, 1u);
  file("a", "two", 1'600'000'200);
  EXPECT_EQ(sync_up(bucket, "job", local_).value().copied, 1u);
}

TEST_F(Sync, DoesNotTrustTheKeysOfAStore) {
  UploadTimeStore bucket(std::move(store_));
  for (const char* key : {"job/../../escaped", "job//etc/x", "job/folder/", "job/work.tmp"}) {
    SCOPED_TRACE(key);
    bucket.extra_key = key;
    const auto report = sync_down(bucket, "job", folder_ / "restored");
    ASSERT_TRUE(report);
    EXPECT_THAT(report->left_out, ElementsAre(std::string(key).substr(4)));
    EXPECT_FALSE(fs::exists(folder_ / "escaped"));
  }
}

TEST_F(Sync, LeavesOutAnObjectWhoseNameIsAlsoThatOfAFolder) {
  file("sub/a", "1");
  file("sub-x", "2");
  UploadTimeStore bucket(std::move(store_));
  ASSERT_EQ(sync_up(bucket, "job", local_).value().copied, 2u);
  bucket.extra_key = "job/sub";
  const auto report = sync_down(bucket, "job", folder_ / "restored");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->copied, 2u);
  EXPECT_THAT(report->left_out, ElementsAre("sub"));
}

TEST_F(Sync, UploadsWhatChangedWhileTheClockIsBehind) {
  constexpr std::int64_t now = 1'600'000'000;
  file("ckpt", "step 1", now);
  UploadTimeStore bucket(std::move(store_));
  bucket.behind = std::chrono::minutes(10);
  ASSERT_EQ(sync_up(bucket, "job", local_).value().copied, 1u);
  bucket.upload_time = (now + 602) * 1'000'000'000;
  EXPECT_EQ(sync_up(bucket, "job", local_).value().skipped, 1u);
  file("ckpt", "step 2", now + 300);
  EXPECT_EQ(sync_up(bucket, "job", local_).value().copied, 1u);
}

TEST_F(Sync, TellsItsProgressAndEndsWhenItIsAsked) {
  file("a", "123");
  file("b", "4567");
  std::stop_source source;
  std::vector<std::uint64_t> seen;
  const auto note = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 7u);
    seen.push_back(done);
  };
  ASSERT_TRUE(sync_up(*store_, "job", local_, {.progress = note, .stop = source.get_token()}));
  EXPECT_THAT(seen, ElementsAre(3, 7));
  source.request_stop();
  const auto down = sync_down(*store_, "job", folder_ / "restored", {.stop = source.get_token()});
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, "E904");
}

}  // namespace
}  // namespace smflow::storage
