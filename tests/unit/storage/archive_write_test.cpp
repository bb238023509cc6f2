#include "support/temporary_folder.hpp"

#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <smflow/storage/archive.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

std::string random_bytes(std::size_t size) {
  std::mt19937_64 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// Text and noise in turns, so that blocks compress to very different sizes.
std::string mixed_bytes(std::size_t size) {
  std::string bytes;
  for (int i = 0; bytes.size() < size; ++i) {
    bytes += i % 3 == 0 ? random_bytes(70'000) : std::string(90'000, static_cast<char>('a' + i % 26));
  }
  bytes.resize(size);
  return bytes;
}

class ArchiveWrite : public testing::Test {
 protected:
  Result<ArchiveReport> write(const std::vector<ArchiveSource>& sources, int threads = 2) {
    return write_archive(sources, archive_, threads);
  }
  Result<ArchiveReport> write_model(int threads = 2) { return write({{"algo-1", folder_ / "model"}}, threads); }
  fs::path extracted() {
    const auto report = extract_archive(archive_, folder_ / "out");
    EXPECT_TRUE(report) << report.error().message;
    return folder_ / "out";
  }
  void expect_refused(const Result<ArchiveReport>& report, const std::string& code, const std::string& words) {
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, code);
    EXPECT_THAT(report.error().message, HasSubstr(words));
    EXPECT_FALSE(fs::exists(archive_));
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      EXPECT_EQ(entry.path().string().find(".tmp-"), std::string::npos) << entry.path();
    }
  }

  TemporaryFolder folder_;
  fs::path archive_ = folder_ / "model.tar.gz";
};

TEST_F(ArchiveWrite, GivesBackWhatWasPutIn) {
  const std::string big = mixed_bytes(1'500'000);
  folder_.write("model/weights.bin", big);
  folder_.write("model/empty", "");
  folder_.write("model/a/b/c.txt", "text");
  fs::create_directories(folder_ / "model/nothing");
  const auto report = write_model();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->entries, 6u);
  EXPECT_EQ(report->bytes, big.size() + 4);
  const fs::path out = extracted();
  EXPECT_EQ(slurp(out / "weights.bin"), big);
  EXPECT_EQ(slurp(out / "empty"), "");
  EXPECT_EQ(slurp(out / "a/b/c.txt"), "text");
  EXPECT_TRUE(fs::is_directory(out / "nothing"));
}

TEST_F(ArchiveWrite, MergesTheFoldersOfAllHosts) {
  folder_.write("one/shared/a.txt", "a");
  folder_.write("two/shared/b.txt", "b");
  ASSERT_TRUE(write({{"algo-1", folder_ / "one"}, {"algo-2", folder_ / "two"}}));
  const fs::path out = extracted();
  EXPECT_EQ(slurp(out / "shared/a.txt"), "a");
  EXPECT_EQ(slurp(out / "shared/b.txt"), "b");
}

TEST_F(ArchiveWrite, NamesTheFileAndBothHostsOfAConflict) {
  folder_.write("one/sub/model.pt", "1");
  folder_.write("two/sub/model.pt", "2");
  const auto report = write({{"algo-1", folder_ / "one"}, {"algo-2", folder_ / "two"}});
  expect_refused(report, "E160", "'sub/model.pt' was written by both algo-1 and algo-2");
  EXPECT_EQ(report.error().exit, ExitCode::conflict);
}

TEST_F(ArchiveWrite, AFileAndAFolderOfOneNameConflictToo) {
  folder_.write("one/x", "file");
  folder_.write("two/x/inside", "folder");
  expect_refused(write({{"algo-1", folder_ / "one"}, {"algo-2", folder_ / "two"}}), "E160", "'x'");
}

TEST_F(ArchiveWrite, TakesAMissingFolderAsEmpty) {
  folder_.write("one/a", "a");
  const auto report = write({{"algo-1", folder_ / "one"}, {"algo-2", folder_ / "none"}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->entries, 1u);
}

TEST_F(ArchiveWrite, AnArchiveOfNothingIsSound) {
  ASSERT_TRUE(write({}));
  EXPECT_TRUE(fs::is_empty(extracted()));
}

TEST_F(ArchiveWrite, DependsNeitherOnThreadsNorOnTheOrderOfCreation) {
  folder_.write("model/z", mixed_bytes(900'000));
  folder_.write("model/a", "1");
  ASSERT_TRUE(write_model(1));
  const std::string first = slurp(archive_);
  for (const int threads : {2, 3, 8, 100, 0}) {
    ASSERT_TRUE(write_model(threads));
    EXPECT_EQ(slurp(archive_), first) << threads << " threads";
  }
  fs::create_directory(folder_ / "again");
  for (const char* name : {"a", "z"}) {
    fs::copy_file(folder_ / "model" / name, folder_ / "again" / name);
    fs::last_write_time(folder_ / "again" / name, fs::last_write_time(folder_ / "model" / name));
  }
  ASSERT_TRUE(write({{"algo-9", folder_ / "again"}}));
  EXPECT_EQ(slurp(archive_), first);
}

// Sizes around the compressor's block of 128 KiB, one tar header of 512 bytes before them.
TEST_F(ArchiveWrite, IsSoundAtBlockBoundaries) {
  constexpr int block = 128 * 1024;
  for (const int size :
       {block - 2048, block - 1536, block - 1024, block - 513, block - 512, block - 511, 2 * block - 512, 40 * block}) {
    SCOPED_TRACE(size);
    const std::string content = random_bytes(static_cast<std::size_t>(size));
    folder_.write("model/f", content);
    ASSERT_TRUE(write_model(3));
    EXPECT_EQ(slurp(extracted() / "f"), content);
    fs::remove_all(folder_ / "out");
  }
}

TEST_F(ArchiveWrite, KeepsLinksThatStayInside) {
  folder_.write("model/a/b/weights", "w");
  fs::create_symlink("a/b/weights", folder_ / "model/latest");
  fs::create_symlink("../b/weights", folder_ / "model/a/b/up");
  fs::create_symlink("missing", folder_ / "model/dangling");
  ASSERT_TRUE(write_model());
  const fs::path out = extracted();
  EXPECT_EQ(fs::read_symlink(out / "latest"), "a/b/weights");
  EXPECT_EQ(slurp(out / "a/b/up"), "w");
  EXPECT_EQ(fs::read_symlink(out / "dangling"), "missing");
}

TEST_F(ArchiveWrite, MakesAbsoluteLinksOfTheContainerRelative) {
  folder_.write("model/a/step-5.pt", "w");
  fs::create_symlink("/opt/ml/model/a/step-5.pt", folder_ / "model/a/latest");
  fs::create_symlink("/opt/ml/model", folder_ / "model/self");
  ASSERT_TRUE(write({{"algo-1", folder_ / "model", "/opt/ml/model"}}));
  const fs::path out = extracted();
  EXPECT_EQ(fs::read_symlink(out / "a/latest"), "../a/step-5.pt");
  EXPECT_EQ(fs::read_symlink(out / "self"), ".");
}

TEST_F(ArchiveWrite, RefusesLinksThatLeave) {
  for (const char* target :
       {"/etc/passwd", "../outside", "a/../../outside", "/opt/ml/models/x", "/opt/ml/model/../x"}) {
    SCOPED_TRACE(target);
    fs::remove_all(folder_ / "model");
    fs::create_directories(folder_ / "model");
    fs::create_symlink(target, folder_ / "model/bad");
    const auto report = write({{"algo-2", folder_ / "model", "/opt/ml/model"}});
    expect_refused(report, "E161", "'bad' of algo-2 points to '" + std::string(target) + "'");
  }
}

TEST_F(ArchiveWrite, LeavesSpecialFilesOutAndSaysSo) {
  folder_.write("model/weights", "w");
  ASSERT_EQ(::mkfifo((folder_ / "model/fifo").c_str(), 0600), 0);
  const int listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string path = (folder_ / "model/sock").string();
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ASSERT_EQ(::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const auto report = write_model();
  ::close(listening);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->left_out, ElementsAre("fifo (algo-1)", "sock (algo-1)"));
  EXPECT_EQ(report->entries, 1u);
  EXPECT_TRUE(fs::exists(extracted() / "weights"));
}

TEST_F(ArchiveWrite, TakesNamesOfEveryKind) {
  const std::vector<std::string> names = {"ä ö ü.txt",
                                          "日本語",
                                          "\xff\xfe not utf-8",
                                          "new\nline",
                                          std::string(255, 'n'),
                                          "-rf",
                                          "a\\b",
                                          std::string(90, 'd') + "/" + std::string(200, 'e') + "/f"};
  for (const std::string& name : names) folder_.write("model/" + name, name);
  const auto report = write_model();
  ASSERT_TRUE(report) << report.error().message;
  const fs::path out = extracted();
  for (const std::string& name : names) EXPECT_EQ(slurp(out / name), name);
}

TEST_F(ArchiveWrite, NoticesAFileThatGrowsMeanwhile) {
  folder_.write("model/log", std::string(3'000'000, 'x'));
  std::atomic<bool> done = false;
  std::thread grower([&] {
    std::ofstream log(folder_ / "model/log", std::ios::app);
    while (!done) log << "more" << std::flush;
  });
  const auto report = write_model();
  done = true;
  grower.join();
  expect_refused(report, "E162", "log' changed while it was read");
}

TEST_F(ArchiveWrite, ReplacesAnOlderArchive) {
  folder_.write("model.tar.gz", "older");
  folder_.write("model/a", "a");
  ASSERT_TRUE(write_model());
  EXPECT_EQ(slurp(extracted() / "a"), "a");
}

TEST_F(ArchiveWrite, RefusesFoldersNestedTooDeep) {
  fs::path deep = folder_ / "model";
  for (int i = 0; i < 130; ++i) deep /= "d";
  fs::create_directories(deep);
  const auto report = write_model();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E163");
}

TEST_F(ArchiveWrite, LeavesNothingWhenTheOutputCannotBeWritten) {
  folder_.write("model/a", "a");
  const auto report = write_archive({{"algo-1", folder_ / "model"}}, folder_ / "none/out.tar.gz");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E900");
}

TEST_F(ArchiveWrite, EndsWhenTheDiskIsFull) {
  folder_.write("model/a", random_bytes(4'000'000));
  // A limit on the size of files stands for a full disk.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1'000'000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto report = write_model();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  expect_refused(report, "E900", "model.tar.gz");
}

}  // namespace
}  // namespace smflow::storage
