#include <filesystem>

#include <gtest/gtest.h>

#include <smflow/storage/store.hpp>

namespace smflow::storage {
namespace {

namespace fs = std::filesystem;

TEST(FileUri, NamesAnAbsoluteFolder) {
  EXPECT_EQ(file_uri_path("file:///data/runs").value(), "/data/runs");
  EXPECT_EQ(file_uri_path("file:///data/runs/").value(), "/data/runs");
  EXPECT_EQ(file_uri_path("file:///data/./x/../runs").value(), "/data/runs");
  EXPECT_EQ(file_uri_path("file:///").value(), "/");
}

TEST(FileUri, IsRelativeToTheCurrentFolder) {
  EXPECT_EQ(file_uri_path("file://runs/today").value(), fs::current_path() / "runs/today");
  EXPECT_EQ(file_uri_path("file://./runs").value(), fs::current_path() / "runs");
}

TEST(FileUri, IsTakenAsItIs) {
  EXPECT_EQ(file_uri_path("file:///a%20b c#d?e").value(), "/a%20b c#d?e");
}

TEST(FileUri, RefusesEverythingElseWithAFix) {
  for (const std::string_view uri : {"", "runs", "/data", "s3://bucket/x", "https://host/x", "file:/data", "FILE:///x",
                                     "file://", "file://~/data"}) {
    SCOPED_TRACE(uri);
    const auto path = file_uri_path(uri);
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error().code, "E152");
    EXPECT_EQ(path.error().exit, ExitCode::configuration);
    EXPECT_NE(path.error().message.find("'" + std::string(uri) + "'"), std::string::npos);
    EXPECT_FALSE(path.error().fix.empty());
  }
  EXPECT_FALSE(file_uri_path(std::string_view("file:///a\0b", 11)));
}

TEST(OpenStore, OpensFoldersAndNothingElse) {
  const auto store = open_store("file:///some/where/");
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->uri(), "file:///some/where");
  EXPECT_EQ((*store)->uri("a/b"), "file:///some/where/a/b");
  EXPECT_FALSE(open_store("s3://bucket"));
}

TEST(TemporaryName, IsKnownByItsEnd) {
  for (const char* name : {"a.tmp", ".tmp", "model.pt.tmp-a1B2c3", ".x.tmp-000000"})
    EXPECT_TRUE(is_temporary_name(name)) << name;
  for (const char* name :
       {"a", "tmp", "a.tmpx", "a.tmp-", "a.tmp-12345", "a.tmp-1234567", "a.tmp-12/456", "a.tmp.gz"}) {
    EXPECT_FALSE(is_temporary_name(name)) << name;
  }
}

}  // namespace
}  // namespace smflow::storage
