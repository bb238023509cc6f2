#include "support/temporary_folder.hpp"
#include "tar_builder.hpp"

#include <csignal>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <smflow/storage/archive.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;
using test::gzip;
using test::TarBuilder;

// Extracts `bytes` into "<folder>/out" and holds what every case must hold: on an error nothing is left behind, and in
// no case anything appears outside of "out".
class ArchiveExtract : public testing::Test {
 protected:
  Result<ArchiveReport> extract(const std::string& bytes, const ArchiveLimits& limits = {}) {
    const fs::path archive = folder_.write("in.tar.gz", bytes);
    folder_.write("outside.txt", "untouched");
    auto report = extract_archive(archive, out_, limits);
    EXPECT_EQ(fs::exists(out_), report.has_value());
    std::set<std::string> expected{"in.tar.gz", "outside.txt"};
    if (report) expected.insert("out");
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.insert(entry.path().filename());
    EXPECT_EQ(names, expected);
    EXPECT_EQ(slurp(folder_ / "outside.txt"), "untouched");
    return report;
  }

  void expect_refused(const std::string& bytes, const std::string& code, const ArchiveLimits& limits = {}) {
    const auto report = extract(bytes, limits);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, code) << report.error().message;
    EXPECT_FALSE(report.error().fix.empty());
  }

  TemporaryFolder folder_;
  fs::path out_ = folder_ / "out";
};

TEST_F(ArchiveExtract, TakesFilesFoldersAndLinksThatStayInside) {
  const auto report = extract(TarBuilder()
                                  .folder("./")
                                  .folder("./a/")
                                  .file("./a/model.bin", "weights")
                                  .link("./latest", "a/model.bin")
                                  .link("./a/up", "../a/model.bin")
                                  .hard_link("./same", "./a/model.bin")
                                  .file("deep/er/without/folders.txt", "y")
                                  .tar_gz());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->entries, 6u);
  EXPECT_EQ(report->bytes, 8u);
  EXPECT_EQ(slurp(out_ / "latest"), "weights");
  EXPECT_EQ(slurp(out_ / "a/up"), "weights");
  EXPECT_EQ(slurp(out_ / "same"), "weights");
  EXPECT_EQ(fs::hard_link_count(out_ / "same"), 2u);
  EXPECT_EQ(slurp(out_ / "deep/er/without/folders.txt"), "y");
}

TEST_F(ArchiveExtract, EndsWhenItIsAskedTo) {
  std::stop_source stop;
  stop.request_stop();
  const auto report = extract(TarBuilder().file("a", "content").tar_gz(), {.stop = stop.get_token()});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E904");
}

TEST_F(ArchiveExtract, TakesATarWithoutCompression) {
  ASSERT_TRUE(extract(TarBuilder().file("a", "plain").tar()));
  EXPECT_EQ(slurp(out_ / "a"), "plain");
}

TEST_F(ArchiveExtract, TakesAnEmptyArchive) {
  const auto report = extract(gzip(std::string(10240, '\0')));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->entries, 0u);
  EXPECT_TRUE(fs::is_empty(out_));
}

TEST_F(ArchiveExtract, DropsSetIdBitsAndKeepsTheFilesOurs) {
  ASSERT_TRUE(extract(TarBuilder()
                          .add("tool", '0', "x", "", 06755)
                          .folder("closed", 0000)
                          .add("closed/file", '0', "x", "", 0000)
                          .tar_gz()));
  struct stat status {};
  ASSERT_EQ(::stat((out_ / "tool").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 06000u, 0u);
  EXPECT_EQ(status.st_mode & 0700u, 0700u);
  EXPECT_EQ(status.st_uid, ::geteuid());
  EXPECT_EQ(status.st_mtim.tv_sec, 1'600'000'000);
  ASSERT_EQ(::stat((out_ / "closed/file").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(ArchiveExtract, RefusesPathsThatLeave) {
  for (const char* name :
       {"/etc/passwd", "../outside.txt", "a/../../outside.txt", "..", "a/..", "a//b", "./../x", "a/./b"}) {
    SCOPED_TRACE(name);
    expect_refused(TarBuilder().file(name).tar_gz(), "E166");
  }
}

TEST_F(ArchiveExtract, RefusesLinksThatLeave) {
  for (const char* target : {"/etc/passwd", "..", "../outside.txt", "a/../../x", "x/.."}) {
    SCOPED_TRACE(target);
    expect_refused(TarBuilder().link("innocent", target).tar_gz(), "E167");
  }
}

TEST_F(ArchiveExtract, RefusesHardLinksToWhatIsNotThere) {
  expect_refused(TarBuilder().hard_link("a", "later").file("later").tar_gz(), "E167");
  expect_refused(TarBuilder().hard_link("a", "../outside.txt").tar_gz(), "E166");
  expect_refused(TarBuilder().hard_link("a", "/etc/passwd").tar_gz(), "E166");
  expect_refused(TarBuilder().folder("d").hard_link("a", "d").tar_gz(), "E167");
  expect_refused(TarBuilder().link("l", "f").file("f").hard_link("a", "l").tar_gz(), "E167");
}

TEST_F(ArchiveExtract, WritesNothingThroughALink) {
  expect_refused(TarBuilder().folder("d").link("l", "d").file("l/x").tar_gz(), "E169");
  expect_refused(TarBuilder().link("l", "d").file("d").file("l").tar_gz(), "E169");
}

// Each link alone stays inside, but the second is placed through the first one it would go up from a shallower folder.
TEST_F(ArchiveExtract, RefusesLinksThatCombineToLeave) {
  expect_refused(TarBuilder()
                     .folder("s")
                     .folder("p")
                     .folder("p/q")
                     .link("p/q/r", "../../s")
                     .link("p/q/r/c", "../../../x")
                     .tar_gz(),
                 "E169");
  expect_refused(TarBuilder().link("p/q/d", "../..").link("e", "p/q/d/..").tar_gz(), "E167");
}

TEST_F(ArchiveExtract, RefusesDevicesAndFifos) {
  for (const char type : {'3', '4', '6'}) {
    SCOPED_TRACE(type);
    expect_refused(TarBuilder().add("node", type).tar_gz(), "E167");
  }
}

TEST_F(ArchiveExtract, RefusesAMemberThatIsThereTwice) {
  expect_refused(TarBuilder().file("a", "one").file("a", "two").tar_gz(), "E169");
  expect_refused(TarBuilder().file("a").file("a/b").tar_gz(), "E169");
  expect_refused(TarBuilder().folder("a").file("a").tar_gz(), "E169");
  expect_refused(TarBuilder().file("a").link("a", "b").tar_gz(), "E169");
}

TEST_F(ArchiveExtract, TakesAFolderThatIsListedTwiceOrLate) {
  EXPECT_TRUE(extract(TarBuilder().file("a/x").folder("a").folder("a").tar_gz()));
}

TEST_F(ArchiveExtract, RefusesMoreBytesThanAllowed) {
  const ArchiveLimits limits{.bytes = 1000};
  EXPECT_TRUE(extract(TarBuilder().file("a", std::string(600, 'x')).file("b", std::string(400, 'x')).tar_gz(), limits));
  fs::remove_all(out_);
  expect_refused(TarBuilder().file("a", std::string(600, 'x')).file("b", std::string(401, 'x')).tar_gz(), "E168",
                 limits);
}

TEST_F(ArchiveExtract, RefusesABombBeforeItIsUnpacked) {
  expect_refused(TarBuilder().empty_promise("huge", 8'000'000'000ull).tar_gz(), "E168", {.bytes = 1u << 30});
  // 16 MiB of zeros behind the end of the archive, where no member's size warns of them.
  const std::string tail = TarBuilder().file("a").tar() + std::string(16u << 20, '\0');
  expect_refused(gzip(tail), "E168", {.bytes = 1u << 20, .entries = 10});
}

TEST_F(ArchiveExtract, RefusesTooManyMembers) {
  TarBuilder tar;
  for (int i = 0; i < 11; ++i) tar.file("f" + std::to_string(i));
  expect_refused(tar.tar_gz(), "E168", {.entries = 10});
}

TEST_F(ArchiveExtract, RefusesPathsThatAreTooDeepOrTooLong) {
  std::string deep;
  for (int i = 0; i < 49; ++i) deep += "d/";
  TarBuilder tar;
  tar.add("././@LongLink", 'L', deep + deep + deep + "x" + '\0');
  expect_refused(tar.file("short").tar_gz(), "E166");
  TarBuilder long_name;
  long_name.add("././@LongLink", 'L', std::string(300, 'n') + '\0');
  expect_refused(long_name.file("short").tar_gz(), "E166");
}

TEST_F(ArchiveExtract, NoticesDamageOfEveryByte) {
  const std::string sound = TarBuilder().file("a", "some content that matters").tar_gz();
  for (std::size_t at = 10; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    // Some bits make no difference: where a run of zeros is copied from.
    if (extract(damaged)) {
      EXPECT_EQ(slurp(out_ / "a"), "some content that matters") << "byte " << at;
    }
    fs::remove_all(out_);
  }
}

TEST_F(ArchiveExtract, NoticesEveryCut) {
  const std::string sound = TarBuilder().file("a", "some content that matters").tar_gz();
  for (std::size_t size = 0; size < sound.size(); ++size) {
    EXPECT_FALSE(extract(sound.substr(0, size))) << size << " bytes";
    fs::remove_all(out_);
  }
}

TEST_F(ArchiveExtract, RefusesWhatIsNoArchive) {
  expect_refused("just some text, long enough to be looked at", "E165");
  expect_refused(gzip("just some text"), "E165");
  expect_refused(TarBuilder().file("a").tar_gz() + "garbage", "E165");
}

TEST_F(ArchiveExtract, TakesGzipMembersInARowAndZerosBehind) {
  const std::string tar = TarBuilder().file("a", "halves").tar();
  EXPECT_TRUE(extract(gzip(tar.substr(0, 700)) + gzip(tar.substr(700)) + std::string(512, '\0')));
  EXPECT_EQ(slurp(out_ / "a"), "halves");
}

TEST_F(ArchiveExtract, NeverTouchesAFolderThatHoldsSomething) {
  const fs::path archive = folder_.write("in.tar.gz", TarBuilder().file("a").tar_gz());
  folder_.write("out/mine.txt", "mine");
  const auto report = extract_archive(archive, out_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E142");
  EXPECT_EQ(slurp(out_ / "mine.txt"), "mine");
  EXPECT_FALSE(fs::exists(out_ / "a"));
}

TEST_F(ArchiveExtract, TakesAnEmptyFolderAsFree) {
  fs::create_directory(out_);
  EXPECT_TRUE(extract(TarBuilder().file("a").tar_gz()));
}

TEST_F(ArchiveExtract, LeavesNothingWhenTheDiskIsFull) {
  const std::string bytes = TarBuilder().file("a", std::string(200'000, 'x')).tar_gz();
  const fs::path archive = folder_.write("in.tar.gz", bytes);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 100'000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto report = extract_archive(archive, out_);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E900");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(ArchiveExtract, NamesAMissingArchive) {
  const auto report = extract_archive(folder_ / "nothing.tar.gz", out_);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("nothing.tar.gz"), std::string::npos);
}

TEST_F(ArchiveExtract, RefusesAFifoInsteadOfWaiting) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  const auto report = extract_archive(folder_ / "fifo", out_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E901");
}

TEST_F(ArchiveExtract, ShowsHostileNamesHarmlessly) {
  const auto report = extract(TarBuilder().file("../\x1b[2Jevil").tar_gz());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message.find('\x1b'), std::string::npos);
}

TEST_F(ArchiveExtract, ReadsOnlyTheSelectedMembers) {
  const fs::path archive = folder_.write("in.tar.gz", TarBuilder()
                                                          .folder("./metrics")
                                                          .file("./metrics/m.jsonl", "{}")
                                                          .file("./weights", "big")
                                                          .link("./current", "weights")
                                                          .tar_gz());
  const auto select = [](std::string_view path) { return path.starts_with("metrics/"); };
  const auto report = read_archive(archive, select, out_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->entries, 1u);
  EXPECT_EQ(slurp(out_ / "metrics/m.jsonl"), "{}");
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(out_), {}), 2);
}

TEST_F(ArchiveExtract, ChecksTheMembersThatAreNotSelectedToo) {
  const fs::path archive = folder_.write("in.tar.gz", TarBuilder().file("good").file("/bad").tar_gz());
  const auto report = read_archive(
      archive, [](std::string_view path) { return path == "good"; }, out_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "E166");
}

}  // namespace
}  // namespace smflow::storage
