#include "pull_folder.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PullFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(".smflow-pull-a1b2c3/object", "half");
    folder_.write(".smflow-pull.json", "{}");
    folder_.write("model/weights", "whole");
    std::filesystem::create_directory_symlink(folder_ / "model", folder_ / ".smflow-pull-link");
  }
  test::TemporaryFolder folder_;
  const std::string left_ = folder_ / ".smflow-pull-a1b2c3";
};

TEST_F(PullFolderTest, LosesWhatKilledPullsHaveLeftAndNothingElse) {
  EXPECT_THAT(remove_pull_leftovers(folder_.path()), ElementsAre(left_));
  EXPECT_FALSE(std::filesystem::exists(left_));
  EXPECT_EQ(test::slurp(folder_ / ".smflow-pull-link/weights"), "whole");
  EXPECT_EQ(test::slurp(folder_ / ".smflow-pull.json"), "{}");
  EXPECT_THAT(remove_pull_leftovers(folder_ / "none"), IsEmpty());
}

TEST_F(PullFolderTest, IsLeftAloneWhileAPullIsUnderWay) {
  UniqueFd one = lock_pull_folder(folder_.path());
  const UniqueFd other = lock_pull_folder(folder_.path());
  one.reset();
  EXPECT_THAT(remove_pull_leftovers(folder_.path()), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(left_));
}

}  // namespace
}  // namespace smflow::cli
