#include "support/temporary_folder.hpp"

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/storage/store.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

class FileStoreTest : public testing::Test {
 protected:
  std::vector<std::string> keys(std::string_view prefix = "") {
    const auto listed = store_->list(prefix);
    EXPECT_TRUE(listed);
    std::vector<std::string> keys;
    for (const ObjectInfo& object : *listed) keys.push_back(object.key);
    return keys;
  }
  // Every file and folder really there, temporary ones too.
  std::size_t things_on_disk() const {
    return static_cast<std::size_t>(std::distance(fs::recursive_directory_iterator(root_), {}));
  }
  template <class T>
  static std::string code(const Result<T>& result) {
    return result ? "success" : result.error().code;
  }

  TemporaryFolder folder_;
  fs::path root_ = folder_ / "store";
  std::unique_ptr<Store> store_ = open_store("file://" + root_.string()).value();
};

TEST_F(FileStoreTest, GivesBackWhatWasPut) {
  const std::string content("with \0 zero", 11);
  ASSERT_TRUE(store_->put("a/b/c", content));
  EXPECT_EQ(store_->get("a/b/c").value(), content);
  EXPECT_TRUE(store_->exists("a/b/c").value());
  EXPECT_EQ(things_on_disk(), 3u);
}

TEST_F(FileStoreTest, NeverOverwritesUnlessAsked) {
  ASSERT_TRUE(store_->put("k", "one"));
  const auto again = store_->put("k", "two");
  EXPECT_EQ(code(again), "E142");
  EXPECT_EQ(again.error().exit, ExitCode::conflict);
  EXPECT_EQ(store_->get("k").value(), "one");
  EXPECT_EQ(code(store_->put_file("k", folder_.write("f", "three"))), "E142");
  ASSERT_TRUE(store_->put("k", "two", false));
  EXPECT_EQ(store_->get("k").value(), "two");
  EXPECT_EQ(things_on_disk(), 1u);
}

TEST_F(FileStoreTest, SaysWhatIsNotThere) {
  EXPECT_EQ(code(store_->get("none")), "E150");
  EXPECT_EQ(code(store_->get_file("none", folder_ / "out")), "E150");
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  EXPECT_FALSE(store_->exists("none").value());
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_FALSE(fs::exists(root_)) << "reading makes no folder";
}

TEST_F(FileStoreTest, AFolderIsNoObject) {
  ASSERT_TRUE(store_->put("a/b", "x"));
  EXPECT_EQ(code(store_->get("a")), "E150");
  EXPECT_FALSE(store_->exists("a").value());
  EXPECT_EQ(code(store_->put("a", "x")), "E142");
  EXPECT_EQ(code(store_->put("a", "x", false)), "E900");
  EXPECT_EQ(code(store_->put("a/b/c", "x")), "E143");
  EXPECT_FALSE(store_->exists("a/b/c").value());
}

TEST_F(FileStoreTest, RefusesKeysThatAreNoSafePaths) {
  for (const std::string key :
       {"", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a/.", "..", "x.tmp", "x.tmp-123abc"}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(code(store_->put(key, "x")), "E151");
    EXPECT_EQ(code(store_->get(key)), "E151");
    EXPECT_EQ(code(store_->remove(key)), "E151");
    EXPECT_EQ(code(store_->exists(key)), "E151");
  }
  EXPECT_EQ(code(store_->list("../x")), "E151");
  EXPECT_FALSE(fs::exists(root_));
}

TEST_F(FileStoreTest, ListsWhatIsBelowAPrefixSorted) {
  for (const char* key : {"runs/b/2", "runs/b/1", "runs/a", "runs-old/x", "top"}) ASSERT_TRUE(store_->put(key, key));
  EXPECT_THAT(keys(), ElementsAre("runs-old/x", "runs/a", "runs/b/1", "runs/b/2", "top"));
  EXPECT_THAT(keys("runs"), ElementsAre("runs/a", "runs/b/1", "runs/b/2"));
  EXPECT_THAT(keys("runs/"), ElementsAre("runs/a", "runs/b/1", "runs/b/2"));
  EXPECT_THAT(keys("run"), IsEmpty());
  EXPECT_THAT(keys("top"), IsEmpty());
  EXPECT_EQ(store_->list("runs/b").value().front().size, 8u);
}

TEST_F(FileStoreTest, DoesNotListWhatIsBeingWritten) {
  ASSERT_TRUE(store_->put("k", "x"));
  folder_.write("store/half.tmp-ab12cd", "half");
  EXPECT_THAT(keys(), ElementsAre("k"));
}

TEST_F(FileStoreTest, CopiesFilesBothWaysWithTheirTime) {
  const fs::path source = folder_.write("source", std::string(300'000, 's'));
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = 1'600'000'000, .tv_nsec = 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, source.c_str(), times, 0), 0);
  ASSERT_TRUE(store_->put_file("deep/copy", source));
  EXPECT_EQ(store_->list("").value().front().modified, 1'600'000'000'123'456'789);
  ASSERT_TRUE(store_->get_file("deep/copy", folder_ / "made/for/it/back"));
  EXPECT_EQ(slurp(folder_ / "made/for/it/back"), slurp(source));
  EXPECT_EQ(fs::last_write_time(folder_ / "made/for/it/back"), fs::last_write_time(source));
}

TEST_F(FileStoreTest, TakesRegularFilesOnly) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(code(store_->put_file("k", folder_ / "fifo")), "E901");
  EXPECT_EQ(code(store_->put_file("k", folder_.path())), "E901");
  EXPECT_EQ(code(store_->put_file("k", folder_ / "none")), "E900");
  EXPECT_FALSE(fs::exists(root_));
}

TEST_F(FileStoreTest, LimitsWhatItReadsIntoMemory) {
  ASSERT_TRUE(store_->put("k", std::string(100, 'x')));
  EXPECT_TRUE(store_->get("k", 100));
  EXPECT_EQ(code(store_->get("k", 99)), "E901");
}

TEST_F(FileStoreTest, ReadsAPartOfAnObject) {
  ASSERT_TRUE(store_->put("k", "0123456789"));
  EXPECT_EQ(store_->get_range("k", 0, 3).value(), "012");
  EXPECT_EQ(store_->get_range("k", 7, 100).value(), "789");
  EXPECT_EQ(store_->get_range("k", 10, 1).value(), "");
  EXPECT_EQ(store_->get_range("k", UINT64_MAX, UINT64_MAX).value(), "");
  EXPECT_EQ(code(store_->get_range("none", 0, 1)), "E150");
}

TEST_F(FileStoreTest, FollowsLinksInsideAndNoneThatLeave) {
  ASSERT_TRUE(store_->put("real/file", "inside"));
  folder_.write("secret/file", "outside");
  fs::create_symlink("real", root_ / "alias");
  fs::create_symlink("../real/file", root_ / "real/link");
  fs::create_symlink(folder_ / "secret", root_ / "absolute");
  fs::create_symlink("../secret", root_ / "relative");
  fs::create_symlink("../../secret/file", root_ / "real/leak");
  EXPECT_EQ(store_->get("alias/file").value(), "inside");
  EXPECT_EQ(store_->get("real/link").value(), "inside");
  for (const std::string key : {"absolute/file", "relative/file", "real/leak"}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(code(store_->get(key)), "E141");
    EXPECT_EQ(code(store_->exists(key)), "E141");
  }
  EXPECT_EQ(code(store_->put("absolute/new", "x")), "E141");
  EXPECT_EQ(code(store_->put("relative/new/deep", "x")), "E141");
  EXPECT_EQ(code(store_->remove("relative/file")), "E141");
  EXPECT_THAT(keys(), ElementsAre("real/file", "real/link"));
  EXPECT_EQ(slurp(folder_ / "secret/file"), "outside");
  EXPECT_FALSE(fs::exists(folder_ / "secret/new"));
}

TEST_F(FileStoreTest, ReplacingALinkReplacesTheLinkOnly) {
  folder_.write("secret", "outside");
  fs::create_directories(root_);
  fs::create_symlink("../secret", root_ / "k");
  ASSERT_TRUE(store_->put("k", "new", false));
  EXPECT_EQ(slurp(folder_ / "secret"), "outside");
  EXPECT_EQ(store_->get("k").value(), "new");
}

TEST_F(FileStoreTest, EndsOnLinksInACircle) {
  fs::create_directories(root_);
  fs::create_symlink("b", root_ / "a");
  fs::create_symlink("a", root_ / "b");
  fs::create_symlink(".", root_ / "self");
  EXPECT_EQ(code(store_->get("a")), "E900");
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(FileStoreTest, RemovesAndIsContentWhenThereIsNothing) {
  ASSERT_TRUE(store_->put("a/b", "x"));
  ASSERT_TRUE(store_->remove("a/b"));
  EXPECT_FALSE(store_->exists("a/b").value());
  EXPECT_TRUE(store_->remove("a/b"));
  EXPECT_TRUE(store_->remove("no/where"));
}

TEST_F(FileStoreTest, ExactlyOneOfManyWritersMakesANewObject) {
  std::atomic<int> winners = 0, conflicts = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      const auto put = store_->put("deep/er/key", std::string(50'000, static_cast<char>('a' + i)));
      winners += put ? 1 : 0;
      conflicts += !put && put.error().code == "E142" ? 1 : 0;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(conflicts, 7);
  const std::string content = store_->get("deep/er/key").value();
  EXPECT_EQ(content, std::string(50'000, content.front()));
  EXPECT_EQ(things_on_disk(), 3u);
}

TEST_F(FileStoreTest, AReaderNeverSeesHalfAnObject) {
  ASSERT_TRUE(store_->put("k", std::string(200'000, 'a')));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 1; i < 60; ++i)
      ASSERT_TRUE(store_->put("k", std::string(200'000, static_cast<char>('a' + i % 26)), false));
    done = true;
  });
  while (!done) {
    const std::string content = store_->get("k").value();
    ASSERT_EQ(content, std::string(200'000, content.front()));
  }
  writer.join();
}

TEST_F(FileStoreTest, ObeysTheUmask) {
  const mode_t before = ::umask(0027);
  ASSERT_TRUE(store_->put("folder/k", "x"));
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((root_ / "folder/k").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0640u);
  ASSERT_EQ(::stat((root_ / "folder").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0750u);
}

}  // namespace
}  // namespace smflow::storage
