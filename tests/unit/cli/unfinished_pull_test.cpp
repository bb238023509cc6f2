#include "unfinished_pull.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

const storage::ObjectInfo model{.key = "job/output/model.tar.gz", .size = 7, .etag = "\"a\""};

TEST(UnfinishedPullTest, IsKnownToTheNextAttemptOfTheJob) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(UnfinishedPull(folder.path(), "job").has_put(model));
  ASSERT_TRUE(UnfinishedPull(folder.path(), "job").will_put(model));
  EXPECT_TRUE(UnfinishedPull(folder.path(), "job").has_put(model));
  EXPECT_FALSE(UnfinishedPull(folder.path(), "other").has_put(model));
}

TEST(UnfinishedPullTest, KnowsNoObjectThatHasBecomeAnother) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(UnfinishedPull(folder.path(), "job").will_put(model));
  EXPECT_FALSE(
      UnfinishedPull(folder.path(), "job").has_put({.key = "job/output/model.tar.gz", .size = 7, .etag = "\"b\""}));
}

TEST(UnfinishedPullTest, LeavesNothingWhenItIsFinished) {
  const test::TemporaryFolder folder;
  UnfinishedPull pull(folder.path(), "job");
  ASSERT_TRUE(pull.will_put(model));
  pull.finish();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(UnfinishedPullTest, TakesWhatIsNoneForNothing) {
  const test::TemporaryFolder folder;
  for (const char* text : {"", "[]", R"({"job_name": "job", "put": [1]})", R"({"job_name": "job", "put": {"a": 1}})"}) {
    folder.write(UnfinishedPull::file_name, text);
    EXPECT_FALSE(UnfinishedPull(folder.path(), "job").has_put(model)) << text;
  }
}

}  // namespace
}  // namespace smflow::cli
