#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <smflow/storage/archive.hpp>
#include <smflow/storage/tar_stream.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;
using testing::ElementsAre;

const TarSelection everything = {[](std::string_view) { return true; }, [](std::string_view) { return true; }};

Result<std::string> bytes_of(const TarStream& tar, std::size_t piece = 4096) {
  std::string bytes(tar.size(), '?');
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto out = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    if (auto done = tar.read(at, std::as_writable_bytes(out)); !done) return tl::unexpected(done.error());
  }
  return bytes;
}

class TarStreamTest : public testing::Test {
 protected:
  Result<TarStream> plan(const TarSelection& selection = everything) {
    return TarStream::plan(folder_ / "in", selection);
  }

  TemporaryFolder folder_;
};

TEST_F(TarStreamTest, HoldsTheFolder) {
  const std::string long_name(180, 'n');
  folder_.write("in/b.txt", std::string(1000, 'b'));
  folder_.write("in/a/" + long_name, "long");
  folder_.write("in/a/ä.txt", "");
  fs::create_symlink("../b.txt", folder_ / "in/a/link");
  const auto tar = plan();
  ASSERT_TRUE(tar) << tar.error().message;
  folder_.write("x.tar", bytes_of(*tar).value());
  const auto extracted = extract_archive(folder_ / "x.tar", folder_ / "out");
  ASSERT_TRUE(extracted) << extracted.error().message;
  EXPECT_EQ(slurp(folder_ / "out/b.txt"), std::string(1000, 'b'));
  EXPECT_EQ(slurp(folder_ / ("out/a/" + long_name)), "long");
  EXPECT_TRUE(fs::exists(folder_ / "out/a/ä.txt"));
  EXPECT_EQ(fs::read_symlink(folder_ / "out/a/link"), "../b.txt");
}

TEST_F(TarStreamTest, IsTheSameFromEveryOffsetAndInEveryPiece) {
  folder_.write("in/a", std::string(700, 'a'));
  folder_.write("in/b/c", std::string(512, 'c'));
  const auto tar = plan();
  ASSERT_TRUE(tar) << tar.error().message;
  const std::string whole = bytes_of(*tar).value();
  for (const std::size_t piece : {1, 511, 513}) EXPECT_TRUE(bytes_of(*tar, piece).value() == whole) << piece;
}

TEST_F(TarStreamTest, IsTheSameWhoeverMadeTheFilesAndWhen) {
  folder_.write("in/a", "a");
  const std::string before = bytes_of(*plan()).value();
  fs::permissions(folder_ / "in/a", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_write);
  fs::last_write_time(folder_ / "in/a", fs::file_time_type::clock::now() - std::chrono::hours(5));
  EXPECT_TRUE(bytes_of(*plan()).value() == before);
  fs::permissions(folder_ / "in/a", fs::perms::owner_all);
  EXPECT_FALSE(bytes_of(*plan()).value() == before);
}

TEST_F(TarStreamTest, KeepsTheTimesOfFilesThatAreAskedFor) {
  const timespec times[] = {{.tv_sec = 1'700'000'000, .tv_nsec = 5}, {.tv_sec = 1'700'000'000, .tv_nsec = 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, folder_.write("in/a", "x").c_str(), times, 0), 0);
  TarSelection selection = everything;
  selection.keep_times = true;
  folder_.write("x.tar", bytes_of(plan(selection).value()).value());
  ASSERT_TRUE(extract_archive(folder_ / "x.tar", folder_ / "out", {.as_left = true}));
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "out/a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mtim.tv_sec, 1'700'000'000);
}

TEST_F(TarStreamTest, FollowsNoLink) {
  folder_.write("secret", "secret");
  fs::create_directories(folder_ / "in");
  fs::create_symlink(folder_ / "secret", folder_ / "in/link");
  fs::create_symlink(folder_.path(), folder_ / "in/folder");
  const auto tar = plan();
  ASSERT_TRUE(tar) << tar.error().message;
  EXPECT_THAT(tar->paths(), ElementsAre("folder", "link"));
  EXPECT_EQ(tar->size(), 4 * 512u);
}

TEST_F(TarStreamTest, LeavesOutWhatIsNoFile) {
  folder_.write("in/a", "");
  ASSERT_EQ(::mkfifo((folder_ / "in/pipe").c_str(), 0600), 0);
  const auto tar = plan();
  ASSERT_TRUE(tar) << tar.error().message;
  EXPECT_THAT(tar->paths(), ElementsAre("a"));
  EXPECT_THAT(tar->left_out(), ElementsAre("pipe"));
}

TEST_F(TarStreamTest, TakesTheFoldersOfWhatIsWanted) {
  folder_.write("in/a/b/wanted", "");
  folder_.write("in/a/c/other", "");
  const auto tar = plan({[](std::string_view path) { return path.ends_with("wanted"); }, everything.enters});
  ASSERT_TRUE(tar) << tar.error().message;
  EXPECT_EQ(tar->paths().size(), 3u);
  EXPECT_EQ(plan({everything.wants, everything.enters})->paths().size(), 5u);
  EXPECT_EQ(plan({[](std::string_view) { return false; }, [](std::string_view) { return false; }})->paths().size(), 0u);
}

TEST_F(TarStreamTest, SaysThatAFileHasChanged) {
  folder_.write("in/a", "before");
  for (const char* after : {"longer than before", "x"}) {
    const auto tar = plan();
    folder_.write("in/a", after);
    const auto bytes = bytes_of(*tar);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, "E162");
  }
}

TEST_F(TarStreamTest, DoesNotFollowALinkThatTookTheFilesPlace) {
  folder_.write("secret", "before");
  folder_.write("in/a", "before");
  const auto tar = plan();
  fs::remove(folder_ / "in/a");
  fs::create_symlink(folder_ / "secret", folder_ / "in/a");
  EXPECT_FALSE(bytes_of(*tar));
}

TEST_F(TarStreamTest, RefusesAnEndlessNest) {
  fs::path deep = folder_ / "in";
  for (int i = 0; i < 140; ++i) deep /= "d";
  fs::create_directories(deep);
  const auto tar = plan();
  ASSERT_FALSE(tar);
  EXPECT_EQ(tar.error().code, "E163");
}

}  // namespace
}  // namespace smflow::storage
