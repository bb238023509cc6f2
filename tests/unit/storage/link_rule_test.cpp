#include "link_rule.hpp"

#include <gtest/gtest.h>

namespace smflow::storage {
namespace {

struct Row {
  const char* name;
  std::size_t folders_above;
  const char* target;
  bool inside;
};

class LinkRule : public testing::TestWithParam<Row> {};

TEST_P(LinkRule, Holds) {
  EXPECT_EQ(link_stays_inside(GetParam().folders_above, GetParam().target), GetParam().inside);
}

INSTANTIATE_TEST_SUITE_P(Targets, LinkRule,
                         testing::Values(Row{"Beside", 0, "file", true}, Row{"Below", 0, "a/b/file", true},
                                         Row{"Itself", 0, ".", true}, Row{"DotInTheWay", 0, "./a/./b", true},
                                         Row{"UpToTheRoot", 1, "..", true}, Row{"UpAndDown", 2, "../../a", true},
                                         Row{"DoubleSlash", 1, "..//a", true}, Row{"Empty", 0, "", false},
                                         Row{"Absolute", 9, "/a", false}, Row{"UpFromTheRoot", 0, "..", false},
                                         Row{"OneTooMany", 2, "../../../a", false},
                                         Row{"UpAfterDown", 5, "a/../b", false},
                                         Row{"DotsInANameAreNotUp", 0, "..a", true}),
                         [](const auto& row) { return row.param.name; });

TEST(LinkRuleFolders, CountsWhatIsAbove) {
  EXPECT_EQ(folders_above("a"), 0u);
  EXPECT_EQ(folders_above("a/b/c"), 2u);
}

}  // namespace
}  // namespace smflow::storage
