#include "support/temporary_folder.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/files.hpp>

namespace smflow {
namespace {

namespace fs = std::filesystem;
using test::slurp;
using test::TemporaryFolder;

class Files : public testing::Test {
 protected:
  std::size_t things() const {
    return static_cast<std::size_t>(std::distance(fs::recursive_directory_iterator(folder_.path()), {}));
  }
  template <class T>
  static std::string code(const Result<T>& result) {
    return result ? "success" : result.error().code;
  }
  static mode_t mode_of(const fs::path& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  TemporaryFolder folder_;
};

TEST_F(Files, ReadsTheWholeFile) {
  const std::string content = std::string(200'000, 'x') + '\0' + "end";
  EXPECT_EQ(read_file(folder_.write("f", content)).value(), content);
  EXPECT_EQ(read_file(folder_.write("empty", "")).value(), "");
}

TEST_F(Files, ReadsFilesOfTheKernelThatClaimToBeEmpty) {
  if (!fs::exists("/proc/self/status")) GTEST_SKIP() << "there is no /proc";
  EXPECT_NE(read_file("/proc/self/status").value().find("Name:"), std::string::npos);
}

TEST_F(Files, LimitsWhatItReads) {
  const fs::path file = folder_.write("f", std::string(1000, 'x'));
  EXPECT_TRUE(read_file(file, 1000));
  const auto refused = read_file(file, 999);
  EXPECT_EQ(code(refused), "E901");
  EXPECT_NE(refused.error().message.find("larger than 999 bytes"), std::string::npos);
}

TEST_F(Files, RefusesAHugeSparseFileAtOnce) {
  const fs::path file = folder_.write("f", "");
  fs::resize_file(file, std::uintmax_t{1} << 42);
  EXPECT_EQ(code(read_file(file)), "E901");
}

TEST_F(Files, ReadsNothingThatNeverEnds) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(code(read_file(folder_ / "fifo")), "E901");
  EXPECT_EQ(code(read_file("/dev/zero")), "E901");
}

TEST_F(Files, SaysWhyAFileCannotBeRead) {
  const auto missing = read_file(folder_ / "none");
  EXPECT_EQ(code(missing), "E900");
  EXPECT_EQ(missing.error().message,
            "cannot read '" + (folder_ / "none").string() + "': no such file or directory (ENOENT)");
  EXPECT_NE(read_file(folder_.path()).error().message.find("is a directory"), std::string::npos);
}

TEST_F(Files, WritesAndMakesTheFoldersAbove) {
  ASSERT_TRUE(write_file(folder_ / "a/b/c", "content"));
  EXPECT_EQ(slurp(folder_ / "a/b/c"), "content");
  EXPECT_EQ(things(), 3u);
}

TEST_F(Files, ReplacesUnlessToldNotTo) {
  ASSERT_TRUE(write_file(folder_ / "f", "one"));
  ASSERT_TRUE(write_file(folder_ / "f", "two"));
  EXPECT_EQ(slurp(folder_ / "f"), "two");
  const auto refused = write_file(folder_ / "f", "three", Overwrite::exclusive);
  EXPECT_EQ(code(refused), "E142");
  EXPECT_EQ(refused.error().exit, ExitCode::conflict);
  EXPECT_EQ(slurp(folder_ / "f"), "two");
  EXPECT_EQ(things(), 1u);
  ASSERT_TRUE(write_file(folder_ / "new", "x", Overwrite::exclusive));
}

TEST_F(Files, ADanglingLinkIsInTheWayOfAnExclusiveFile) {
  fs::create_symlink("nowhere", folder_ / "f");
  EXPECT_EQ(code(write_file(folder_ / "f", "x", Overwrite::exclusive)), "E142");
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
}

TEST_F(Files, ReplacesALinkAndNotItsTarget) {
  folder_.write("target", "old");
  fs::create_symlink("target", folder_ / "f");
  ASSERT_TRUE(write_file(folder_ / "f", "new"));
  EXPECT_EQ(slurp(folder_ / "target"), "old");
  EXPECT_FALSE(fs::is_symlink(folder_ / "f"));
}

TEST_F(Files, ExactlyOneOfManyWritersIsFirst) {
  std::atomic<int> winners = 0, conflicts = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      const auto written = write_file(folder_ / "f", std::to_string(i), Overwrite::exclusive);
      winners += written ? 1 : 0;
      conflicts += code(written) == "E142" ? 1 : 0;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(conflicts, 7);
  EXPECT_EQ(things(), 1u);
}

TEST_F(Files, FollowsTheUmaskWithoutTouchingIt) {
  const mode_t before = ::umask(0077);
  ASSERT_TRUE(write_file(folder_ / "secret", "x"));
  const mode_t during = ::umask(0022);
  ASSERT_TRUE(write_file(folder_ / "open", "x"));
  ::umask(before);
  EXPECT_EQ(during, 0077u);
  EXPECT_EQ(mode_of(folder_ / "secret"), 0600u);
  EXPECT_EQ(mode_of(folder_ / "open"), 0644u);
}

// A file made by another thread while ours are written has the mode that the umask says, always.
TEST_F(Files, WritingNeverOpensTheFilesOfOtherThreads) {
  const mode_t before = ::umask(0077);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(write_file(folder_ / "ours", "x"));
    done = true;
  });
  int opened = 0;
  while (!done) {
    const fs::path theirs = folder_.write("theirs", "x");
    opened += mode_of(theirs) == 0600u ? 0 : 1;
    fs::remove(theirs);
  }
  writer.join();
  ::umask(before);
  EXPECT_EQ(opened, 0);
}

TEST_F(Files, LeavesNothingOfAFileThatWasGivenUp) {
  {
    auto file = AtomicFile::create(folder_ / "f");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half"));
    EXPECT_FALSE(fs::exists(folder_ / "f"));
    EXPECT_EQ(things(), 1u);
  }
  EXPECT_EQ(things(), 0u);
}

TEST_F(Files, AMovedAtomicFileIsWrittenOnce) {
  auto first = AtomicFile::create(folder_ / "f");
  ASSERT_TRUE(first);
  AtomicFile second = *std::move(first);
  ASSERT_TRUE(second.write("a"));
  ASSERT_TRUE(second.write("b"));
  ASSERT_TRUE(second.commit());
  EXPECT_EQ(slurp(folder_ / "f"), "ab");
}

TEST_F(Files, KeepsTheOldFileWhenTheDiskIsFull) {
  ASSERT_TRUE(write_file(folder_ / "f", "old"));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write_file(folder_ / "f", std::string(5000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(code(written), "E900");
  EXPECT_EQ(slurp(folder_ / "f"), "old");
  EXPECT_EQ(things(), 1u);
}

TEST_F(Files, NamesTheFileThatCannotBeWritten) {
  folder_.write("file", "x");
  const auto written = write_file(folder_ / "file/below", "x");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find((folder_ / "file").string()), std::string::npos);
  EXPECT_EQ(code(AtomicFile::create(folder_ / "none/f")), "E900");
}

TEST_F(Files, ATemporaryDirectoryGoesWithItsContent) {
  fs::path path;
  {
    auto made = TemporaryDirectory::create(folder_ / "new/parent", "work-");
    ASSERT_TRUE(made);
    const TemporaryDirectory moved = *std::move(made);
    path = moved.path();
    EXPECT_EQ(path.parent_path(), folder_ / "new/parent");
    EXPECT_TRUE(path.filename().string().starts_with("work-"));
    EXPECT_EQ(mode_of(path), 0700u);
    ASSERT_TRUE(write_file(path / "a/b", "x"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Files, ATemporaryDirectoryNeedsAParentThatIsAFolder) {
  folder_.write("file", "x");
  EXPECT_EQ(code(TemporaryDirectory::create(folder_ / "file", "x")), "E900");
}

TEST_F(Files, TheProgramKnowsItsFolder) {
  EXPECT_EQ(program_directory(), fs::read_symlink("/proc/self/exe").parent_path());
}

TEST_F(Files, TheCacheIsWhereTheUserSays) {
  ::setenv("HOME", "/home/me", 1);
  ::setenv("XDG_CACHE_HOME", "/fast/cache", 1);
  EXPECT_EQ(user_cache_directory(), "/fast/cache/smflow");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  EXPECT_EQ(user_cache_directory(), "/home/me/.cache/smflow");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(user_cache_directory(), "/home/me/.cache/smflow");
  ::unsetenv("HOME");
  EXPECT_EQ(user_cache_directory().parent_path(), fs::temp_directory_path());
}

struct PathRow {
  const char* name;
  std::string_view path;
  bool safe;
};
class SafeRelativePath : public testing::TestWithParam<PathRow> {};

TEST_P(SafeRelativePath, Holds) {
  EXPECT_EQ(is_safe_relative_path(GetParam().path), GetParam().safe) << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Paths, SafeRelativePath,
    testing::Values(PathRow{"Name", "a", true}, PathRow{"Below", "a/b/c.txt", true},
                    PathRow{"DotsInAName", "a..b/..c/d..", true}, PathRow{"Hidden", ".hidden", true},
                    PathRow{"Backslash", "a\\b", true}, PathRow{"Blank", " ", true}, PathRow{"NotUtf8", "\xff", true},
                    PathRow{"Empty", "", false}, PathRow{"Root", "/", false}, PathRow{"Absolute", "/etc/passwd", false},
                    PathRow{"Up", "..", false}, PathRow{"UpFirst", "../a", false}, PathRow{"UpInside", "a/../b", false},
                    PathRow{"UpLast", "a/..", false}, PathRow{"Dot", ".", false}, PathRow{"DotFirst", "./a", false},
                    PathRow{"DotLast", "a/.", false}, PathRow{"DoubleSlash", "a//b", false},
                    PathRow{"SlashLast", "a/", false}, PathRow{"Nul", std::string_view("a\0b", 3), false}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace smflow
