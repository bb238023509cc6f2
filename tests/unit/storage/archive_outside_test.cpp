#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <smflow/base/text.hpp>
#include <smflow/storage/archive.hpp>

// Archives of ours in the hands of other programs, and theirs in ours.
namespace smflow::storage {
namespace {

namespace fs = std::filesystem;
using smflow::test::slurp;
using smflow::test::TemporaryFolder;

bool has_program(const char* name) {
  return std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0;
}

class ArchiveOutside : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("model/net/weights.bin", std::string(400'000, 'w') + "end");
    folder_.write("model/ä.txt", "umlaut");
    folder_.write("model/" + std::string(120, 'n') + "/long.txt", "long");
    fs::create_symlink("net/weights.bin", folder_ / "model/latest");
    fs::permissions(folder_ / "model/ä.txt", fs::perms::owner_read | fs::perms::owner_write);
  }
  int shell(const std::string& command) const {
    const int status =
        std::system(("cd " + shell_quote(folder_.path().string()) + " && { " + command + "; } 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void write_ours() const {
    const auto report = write_archive({{"algo-1", folder_ / "model"}}, folder_ / "model.tar.gz");
    ASSERT_TRUE(report) << report.error().message;
  }

  TemporaryFolder folder_;
};

TEST_F(ArchiveOutside, GnuTarAndGzipReadOurs) {
  if (!has_program("tar")) GTEST_SKIP() << "tar is not installed";
  write_ours();
  EXPECT_EQ(shell("gzip -t model.tar.gz"), 0);
  EXPECT_EQ(shell("mkdir out && tar xzf model.tar.gz -C out && diff -r model out"), 0);
  ASSERT_EQ(shell("tar tvzf model.tar.gz --numeric-owner --quoting-style=literal > list"), 0);
  const std::string list = slurp(folder_ / "list");
  EXPECT_EQ(list.find(fs::path(folder_.path()).filename().string()), std::string::npos) << list;
  for (const std::string& line : split(trim(list), '\n')) EXPECT_NE(line.find(" 0/0 "), std::string::npos) << line;
}

TEST_F(ArchiveOutside, PythonReadsOursAndFindsNothingOfTheOwner) {
  if (!has_program("python3")) GTEST_SKIP() << "python3 is not installed";
  write_ours();
  folder_.write("check.py", R"(
import sys, tarfile
with tarfile.open("model.tar.gz", "r:gz") as archive:
    members = archive.getmembers()
    names = [m.name for m in members]
    assert names == sorted(names, key=lambda n: n.encode().split(b"/")), names
    assert "ä.txt" in names and "net/weights.bin" in names, names
    for m in members:
        assert (m.uid, m.gid, m.uname, m.gname) == (0, 0, "", ""), (m.name, m.uid, m.uname)
        assert not m.name.startswith("/") and ".." not in m.name.split("/"), m.name
    assert archive.getmember("latest").linkname == "net/weights.bin"
    assert archive.getmember("ä.txt").mode == 0o600
    assert archive.extractfile("net/weights.bin").read().endswith(b"wend")
)");
  EXPECT_EQ(shell("PYTHONUTF8=1 python3 check.py"), 0);
}

TEST_F(ArchiveOutside, WeReadGnuTarsArchives) {
  if (!has_program("tar")) GTEST_SKIP() << "tar is not installed";
  for (const char* format : {"gnu", "pax"}) {
    SCOPED_TRACE(format);
    ASSERT_EQ(shell("rm -rf out && tar czf in.tar.gz --format=" + std::string(format) + " -C model ."), 0);
    const auto report = extract_archive(folder_ / "in.tar.gz", folder_ / "out");
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(shell("diff -r model out"), 0);
  }
}

TEST_F(ArchiveOutside, WeReadPythonsArchives) {
  if (!has_program("python3")) GTEST_SKIP() << "python3 is not installed";
  folder_.write("pack.py", R"(
import os, tarfile
os.link("model/net/weights.bin", "model/net/same.bin")
for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
    with tarfile.open(name + ".tar.gz", "w:gz", format=form) as archive:
        archive.add("model", arcname=".")
)");
  ASSERT_EQ(shell("PYTHONUTF8=1 python3 pack.py"), 0);
  for (const char* format : {"gnu", "pax"}) {
    SCOPED_TRACE(format);
    const auto report = extract_archive(folder_ / (std::string(format) + ".tar.gz"), folder_ / format);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(shell("diff -r model " + std::string(format)), 0);
  }
}

TEST_F(ArchiveOutside, SparseFilesComeOutWhole) {
  if (!has_program("tar")) GTEST_SKIP() << "tar is not installed";
  ASSERT_EQ(
      shell("rm -rf model && mkdir model && printf begin > model/s && truncate -s 3M model/s && printf mid >> model/s "
            "&& truncate -s 9M model/s && tar cSzf in.tar.gz -C model ."),
      0);
  ASSERT_TRUE(extract_archive(folder_ / "in.tar.gz", folder_ / "out"));
  EXPECT_EQ(shell("cmp model/s out/s"), 0);
}

}  // namespace
}  // namespace smflow::storage
