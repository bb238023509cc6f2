#include "support/temporary_folder.hpp"
#include "tensor_files.hpp"

#include <gtest/gtest.h>

#include <smflow/rehearsal/model_files.hpp>

namespace smflow::rehearsal {
namespace {

class ModelFiles : public testing::Test {
 protected:
  ModelComparison compare() { return *compare_model_files(folder / "one", folder / "other"); }
  test::TemporaryFolder folder;
};

TEST_F(ModelFiles, ThatAreEqualDifferInNothing) {
  const std::string large(3 << 20, 'x');
  for (const char* name : {"one", "other"}) {
    folder.write(std::string(name) + "/weights", large);
    folder.write(std::string(name) + "/deep/er/model.json", "{}");
    folder.write(std::string(name) + "/empty", "");
  }
  const ModelComparison same = compare();
  EXPECT_EQ(same.files, 3u);
  EXPECT_TRUE(same.differences.empty());
}

TEST_F(ModelFiles, AreToldApartByTheirLastByte) {
  const std::string large(2 << 20, 'x');
  folder.write("one/a", large + "y");
  folder.write("other/a", large + "z");
  folder.write("one/b", large);
  folder.write("other/b", large + "z");
  const ModelComparison other = compare();
  ASSERT_EQ(other.differences.size(), 2u);
  EXPECT_EQ(other.differences[0].path, "a");
  EXPECT_STREQ(to_string(other.differences[0].kind), "content");
  EXPECT_FALSE(other.differences[0].tensor);
}

TEST_F(ModelFiles, MayBeInOneOfThemOnly) {
  folder.write("one/a", "");
  folder.write("other/b", "");
  const ModelComparison other = compare();
  EXPECT_EQ(other.files, 0u);
  ASSERT_EQ(other.differences.size(), 2u);
  EXPECT_STREQ(to_string(other.differences[0].kind), "only_in_reference");
  EXPECT_STREQ(to_string(other.differences[1].kind), "only_in_rehearsed");
}

TEST_F(ModelFiles, OfTensorsSayHowFarTheyAreApart) {
  folder.write("one/g.safetensors", tensor_file({{"w", "F32", bytes_of<float>({1})}}));
  folder.write("other/g.safetensors", tensor_file({{"w", "F32", bytes_of<float>({1.25})}}));
  const ModelComparison other = compare();
  ASSERT_TRUE(other.differences.at(0).tensor);
  EXPECT_EQ(other.differences[0].tensor->tensor, "w");
  EXPECT_EQ(other.differences[0].tensor->largest, 0.25);
}

}  // namespace
}  // namespace smflow::rehearsal
