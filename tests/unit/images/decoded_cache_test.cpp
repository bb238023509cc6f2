#include "decoded_cache.hpp"

#include "picture_files.hpp"
#include "pixels.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace smflow::images {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int size = 4;

class DecodedCacheTest : public testing::Test {
 protected:
  DecodedCacheTest() : folder_(test_files::make_tree(root_, 6)) {}

  static std::vector<std::uint8_t> planes(std::size_t index) {
    return std::vector<std::uint8_t>(planar_bytes(size), static_cast<std::uint8_t>(index + 1));
  }

  void fill(DecodedCache& cache, std::size_t first = 0) {
    for (std::size_t i = first; i < folder_.samples.size(); ++i) {
      if (cache.find(i) == nullptr) cache.put(i, planes(i).data());
    }
  }

  void make() {
    DecodedCache cache(file_, folder_, size);
    fill(cache);
    ASSERT_EQ(cache.note(), "");
    ASSERT_TRUE(fs::exists(file_));
  }

  std::size_t hits(int side = size) {
    DecodedCache cache(file_, folder_, side);
    std::size_t found = 0;
    for (std::size_t i = 0; i < folder_.samples.size(); ++i) found += cache.find(i) != nullptr ? 1 : 0;
    return found;
  }

  std::size_t files_in_cache_folder() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(other_.path()), fs::directory_iterator()));
  }

  // 0 when the cache says why it is off.
  int fill_with_small_files() {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    DecodedCache cache(file_, folder_, size);
    fill(cache);
    if (cache.find(0) != nullptr) return 1;
    return cache.note().starts_with("cannot make the cache of decoded pictures") ? 0 : 2;
  }

  void fill_and_die() {
    DecodedCache cache(file_, folder_, size);
    fill(cache, 1);
    ::kill(::getpid(), SIGKILL);
  }

  test::TemporaryFolder root_;
  test::TemporaryFolder other_;
  ImageFolder folder_;
  fs::path file_ = other_ / "pixels.cache";
};

TEST_F(DecodedCacheTest, GivesBackWhatWasPutAtOnceAndInTheNextRun) {
  {
    DecodedCache cache(file_, folder_, size);
    EXPECT_EQ(cache.find(2), nullptr);
    cache.put(2, planes(2).data());
    ASSERT_NE(cache.find(2), nullptr);
    EXPECT_EQ(cache.find(1), nullptr);
    fill(cache);
  }
  DecodedCache next(file_, folder_, size);
  for (std::size_t i = 0; i < folder_.samples.size(); ++i) {
    const std::uint8_t* found = next.find(i);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(std::vector(found, found + planar_bytes(size)), planes(i));
  }
}

TEST_F(DecodedCacheTest, AppearsOnlyWhenComplete) {
  {
    DecodedCache cache(file_, folder_, size);
    fill(cache, 1);
    EXPECT_EQ(files_in_cache_folder(), 0u) << "no temporary name either";
  }
  EXPECT_EQ(files_in_cache_folder(), 0u);
  make();
  EXPECT_EQ(files_in_cache_folder(), 1u);
}

TEST_F(DecodedCacheTest, IsCompleteWithoutUnreadablePictures) {
  {
    DecodedCache cache(file_, folder_, size);
    cache.set_unreadable(0);
    cache.set_unreadable(0);
    fill(cache, 1);
  }
  EXPECT_EQ(hits(), 5u);
  // A later run with the same unreadable picture has nothing to write.
  const auto before = fs::last_write_time(file_);
  {
    DecodedCache cache(file_, folder_, size);
    cache.set_unreadable(0);
    for (std::size_t i = 1; i < 6; ++i) ASSERT_NE(cache.find(i), nullptr);
  }
  EXPECT_EQ(fs::last_write_time(file_), before);
}

TEST_F(DecodedCacheTest, AChangedTimeOrSizeMissesThatPictureAlone) {
  make();
  const fs::path changed = root_.path() / folder_.samples[3].path;
  fs::last_write_time(changed, fs::last_write_time(changed) + std::chrono::nanoseconds(1000));
  EXPECT_EQ(hits(), 5u);
  {
    DecodedCache cache(file_, folder_, size);
    fill(cache);  // two epochs: what is found before the first miss is copied by the second
    fill(cache);
  }
  EXPECT_EQ(hits(), 6u);
  const auto time = fs::last_write_time(root_.path() / folder_.samples[0].path);
  root_.write(folder_.samples[0].path, "longer");
  fs::last_write_time(root_.path() / folder_.samples[0].path, time);
  EXPECT_EQ(hits(), 5u);
}

TEST_F(DecodedCacheTest, ANewFileTakesOverWhatTheOldOneStillHas) {
  make();
  root_.write(folder_.samples[3].path, "changed");
  DecodedCache cache(file_, folder_, size);
  EXPECT_EQ(cache.find(3), nullptr);
  cache.put(3, planes(30).data());
  for (std::size_t i = 0; i < 6; ++i) ASSERT_NE(cache.find(i), nullptr);
  EXPECT_EQ(hits(), 6u);
}

TEST_F(DecodedCacheTest, AnotherSizeOrListMissesEverything) {
  make();
  EXPECT_EQ(hits(size + 1), 0u);
  folder_.samples.pop_back();
  EXPECT_EQ(hits(), 0u);
}

TEST_F(DecodedCacheTest, AFileCutShortIsMadeAnew) {
  for (const std::uintmax_t length : {std::uintmax_t{300}, std::uintmax_t{4096}, std::uintmax_t{8300}}) {
    make();
    fs::resize_file(file_, length);
    EXPECT_EQ(hits(), 0u) << length;
  }
  make();
  EXPECT_EQ(hits(), 6u);
}

TEST_F(DecodedCacheTest, AForeignFileIsLeftAlone) {
  for (const char* content : {"", "my thesis, the only copy"}) {
    std::ofstream(file_) << content;
    DecodedCache cache(file_, folder_, size);
    fill(cache);
    EXPECT_EQ(cache.note(), "'" + file_.string() + "' is no cache of decoded pictures");
    EXPECT_EQ(cache.find(0), nullptr);
    EXPECT_EQ(test::slurp(file_), content);
  }
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_THAT(DecodedCache(file_, folder_, size).note(), HasSubstr("is no cache"));
}

TEST_F(DecodedCacheTest, AFolderThatCannotBeWrittenMeansNoCache) {
  const fs::path below_a_file = other_.write("file", "x") / "pixels.cache";
  DecodedCache cache(below_a_file, folder_, size);
  fill(cache);
  EXPECT_NE(cache.note(), "");
  EXPECT_EQ(cache.find(0), nullptr);
}

TEST_F(DecodedCacheTest, MissingFoldersAreMade) {
  file_ = other_ / "a/b/pixels.cache";
  make();
  EXPECT_EQ(hits(), 6u);
}

// A limit on the size of files stands for a full disk: space that cannot be had must be an answer, not a signal.
TEST_F(DecodedCacheTest, AFullDiskMeansNoCacheAndLeavesNothing) {
  EXPECT_EXIT(std::_Exit(fill_with_small_files()), testing::ExitedWithCode(0), "");
  EXPECT_EQ(files_in_cache_folder(), 0u);
}

TEST_F(DecodedCacheTest, AProcessKilledWhileWritingLeavesNothing) {
  EXPECT_EXIT(fill_and_die(), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(files_in_cache_folder(), 0u);
}

TEST_F(DecodedCacheTest, ManyThreadsFillItOnce) {
  {
    DecodedCache cache(file_, folder_, size);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&] { fill(cache); });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < 6; ++i) {
      ASSERT_NE(cache.find(i), nullptr);
      EXPECT_EQ(cache.find(i)[0], i + 1);
    }
  }
  EXPECT_EQ(hits(), 6u);
}

}  // namespace
}  // namespace smflow::images
