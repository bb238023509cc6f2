#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/records/data_manifest.hpp>
#include <smflow/records/source_state.hpp>

namespace smflow::records {
namespace {

DataManifest manifest(const std::filesystem::path& path, std::uint64_t hash_up_to = largest_hashed) {
  auto made = make_manifest({.name = "traindata", .uri = "file://" + path.string()}, storage::open_store, hash_up_to);
  EXPECT_TRUE(made) << made.error().message;
  return *std::move(made);
}

TEST(DataManifest, ListsObjectsWithSizeAndHash) {
  const ::smflow::test::TemporaryFolder folder;
  folder.write("b/2.txt", "two");
  folder.write("a.txt", "");
  const DataManifest made = manifest(folder.path());
  EXPECT_EQ(made.lines,
            "{\"k\":\"a.txt\",\"s\":0,\"h\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}\n"
            "{\"k\":\"b/2.txt\",\"s\":3,\"h\":\"3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3\"}\n");
  EXPECT_EQ(made.state.count, 2u);
  EXPECT_EQ(made.state.bytes, 3u);
}

TEST(DataManifest, DependsOnContentAndNotOnPlace) {
  const ::smflow::test::TemporaryFolder folder;
  folder.write("one/a", "x");
  folder.write("two/a", "x");
  folder.write("three/a", "y");
  EXPECT_EQ(manifest(folder / "one").state.hash, manifest(folder / "two").state.hash);
  EXPECT_NE(manifest(folder / "one").state.hash, manifest(folder / "three").state.hash);
  EXPECT_EQ(manifest(folder / "one/a").state.count, 1u);
}

TEST(DataManifest, TakesSizesWhereHashingWouldTakeTooLong) {
  const ::smflow::test::TemporaryFolder folder;
  folder.write("a", "xyz");
  EXPECT_EQ(manifest(folder.path(), 2).state.hash_kind, "size-list");
  EXPECT_EQ(manifest(folder.path(), 3).state.hash_kind, "sha256-list");
}

TEST(DataManifest, SaysWhatHasChanged) {
  EXPECT_EQ(manifest_difference("{\"k\":\"a\",\"s\":1}\n{\"k\":\"b\",\"s\":1}\n",
                                "{\"k\":\"b\",\"s\":2}\n{\"k\":\"c\",\"s\":1}\n"),
            "1 added, 1 removed, 1 changed");
}

TEST(Remote, IsWithoutUserAndPassword) {
  EXPECT_EQ(without_credentials("https://ann:pw@host/a@b.git"), "https://host/a@b.git");
  EXPECT_EQ(without_credentials("https://token@host:8443/a.git"), "https://host:8443/a.git");
  EXPECT_EQ(without_credentials("git@host:team/a.git"), "git@host:team/a.git");
  EXPECT_EQ(without_credentials("/srv/git/a.git"), "/srv/git/a.git");
}

}  // namespace
}  // namespace smflow::records
