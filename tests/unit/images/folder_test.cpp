#include "support/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/images/folder.hpp>

namespace smflow::images {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> paths(const ImageFolder& folder) {
  std::vector<std::string> all;
  for (const Sample& sample : folder.samples) all.push_back(sample.path);
  return all;
}

std::vector<std::int64_t> labels(const ImageFolder& folder) {
  std::vector<std::int64_t> all;
  for (const Sample& sample : folder.samples) all.push_back(sample.label);
  return all;
}

TEST(ImageFolderList, SortsAsTorchvisionDoes) {
  const test::TemporaryFolder root;
  // What sorted(os.walk(...)) gives: folders by their whole path, in which '/' sorts after '-'.
  for (const char* name : {"dog/b.png", "dog/a.PNG", "dog/x/1.jpg", "dog/x-y/2.jpg", "dog/x/z/3.jpeg", "Cat/ä.png",
                           "Cat/z.png", "cat/1.webp", "dog/notes.txt", "dog/a.png.txt"}) {
    root.write(name, "x");
  }
  const auto folder = list_image_folder(root.path());
  ASSERT_TRUE(folder);
  EXPECT_THAT(folder->classes, ElementsAre("Cat", "cat", "dog"));
  EXPECT_THAT(paths(*folder), ElementsAre("Cat/z.png", "Cat/ä.png", "cat/1.webp", "dog/a.PNG", "dog/b.png",
                                          "dog/x/1.jpg", "dog/x-y/2.jpg", "dog/x/z/3.jpeg"));
  EXPECT_THAT(labels(*folder), ElementsAre(0, 0, 1, 2, 2, 2, 2, 2));
  EXPECT_TRUE(folder->empty_classes.empty());
}

TEST(ImageFolderList, LeavesOutHiddenNames) {
  const test::TemporaryFolder root;
  for (const char* name : {"a/1.png", "a/._1.png", ".ipynb_checkpoints/2.png", "a/.thumbs/3.png"})
    root.write(name, "x");
  const auto folder = list_image_folder(root.path());
  ASSERT_TRUE(folder);
  EXPECT_THAT(folder->classes, ElementsAre("a"));
  EXPECT_THAT(paths(*folder), ElementsAre("a/1.png"));
}

TEST(ImageFolderList, KeepsTheNumberOfAnEmptyClass) {
  const test::TemporaryFolder root;
  for (const char* name : {"a/1.png", "b/readme.txt", "c/2.png"}) root.write(name, "x");
  const auto folder = list_image_folder(root.path());
  ASSERT_TRUE(folder);
  EXPECT_THAT(folder->classes, ElementsAre("a", "b", "c"));
  EXPECT_THAT(folder->empty_classes, ElementsAre("b"));
  EXPECT_THAT(labels(*folder), ElementsAre(0, 2));
}

TEST(ImageFolderList, PicturesBesideClassesDoNotCount) {
  const test::TemporaryFolder root;
  for (const char* name : {"a/1.png", "stray.png"}) root.write(name, "x");
  EXPECT_THAT(paths(*list_image_folder(root.path())), ElementsAre("a/1.png"));
}

TEST(ImageFolderList, AFlatFolderIsOneClassNamedAfterIt) {
  const test::TemporaryFolder root;
  for (const char* name : {"flat/2.png", "flat/1.jpg", "flat/empty/readme.txt"}) root.write(name, "x");
  for (const fs::path& path : {root / "flat", root / "flat/"}) {
    const auto folder = list_image_folder(path);
    ASSERT_TRUE(folder);
    EXPECT_THAT(folder->classes, ElementsAre("flat"));
    EXPECT_THAT(paths(*folder), ElementsAre("1.jpg", "2.png"));
    EXPECT_TRUE(folder->empty_classes.empty());
  }
}

TEST(ImageFolderList, FollowsLinksButNotInACircle) {
  const test::TemporaryFolder root;
  root.write("data/a/1.png", "x");
  root.write("elsewhere/2.png", "x");
  fs::create_directory_symlink(root / "elsewhere", root / "data/b");
  fs::create_directory_symlink(root / "data/a", root / "data/a/again");
  fs::create_directory_symlink("..", root / "data/a/up");
  const auto folder = list_image_folder(root / "data");
  ASSERT_TRUE(folder);
  EXPECT_THAT(folder->classes, ElementsAre("a", "b"));
  const std::vector<std::string> all = paths(*folder);
  EXPECT_EQ(all.front(), "a/1.png");
  EXPECT_EQ(all.back(), "b/2.png");
  EXPECT_LT(all.size(), 10u);
}

TEST(ImageFolderErrors, NameTheFolder) {
  const test::TemporaryFolder root;
  const auto missing = list_image_folder(root / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "E300");
  EXPECT_EQ(missing.error().message, "the data folder '" + (root / "none").string() + "' does not exist");
  const auto file = list_image_folder(root.write("file.png", "x"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "E300");
  EXPECT_THAT(file.error().message, HasSubstr("is not a folder"));
}

TEST(ImageFolderErrors, AFolderWithoutPicturesIsAnError) {
  const test::TemporaryFolder root;
  root.write("a/readme.txt", "x");
  const auto empty = list_image_folder(root.path());
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, "E301");
  EXPECT_THAT(empty.error().message, HasSubstr(root.path().string()));
}

// Root reads every folder, so a test that runs as root becomes nobody for a while.
class WithoutPrivileges {
 public:
  WithoutPrivileges() { EXPECT_TRUE(::getuid() != 0 || ::seteuid(65534) == 0); }
  ~WithoutPrivileges() { EXPECT_EQ(::seteuid(::getuid()), 0); }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;
};

TEST(ImageFolderErrors, AFolderThatCannotBeReadIsNamed) {
  const test::TemporaryFolder root;
  root.write("a/1.png", "x");
  root.write("b/2.png", "x");
  fs::permissions(root.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec |
                                   fs::perms::group_read | fs::perms::others_read);
  fs::permissions(root / "b", fs::perms::none);
  const auto folder = [&] {
    const WithoutPrivileges reader;
    return list_image_folder(root.path());
  }();
  fs::permissions(root / "b", fs::perms::owner_all);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, "E302");
  EXPECT_THAT(folder.error().message, HasSubstr((root / "b").string()));
}

}  // namespace
}  // namespace smflow::images
