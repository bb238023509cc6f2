#include "picture_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/images/loader.hpp>

namespace smflow::images {
namespace {

using test_files::Epoch;
using test_files::make_loader;
using test_files::make_tree;
using test_files::run_epoch;
using test_files::small_options;
using testing::HasSubstr;

// 30 pictures; 4, 5 and 29 are no pictures, so that 6 stands for 4 and 5, and 0 for 29.
ImageFolder tree_with_broken_files(const test::TemporaryFolder& root) {
  ImageFolder folder = make_tree(root, 30);
  root.write(folder.samples[4].path, "not a picture");
  root.write(folder.samples[5].path, "");
  root.write(folder.samples[29].path, test_files::picture(29).substr(0, 60));
  return folder;
}

std::int64_t stand_in(std::int64_t index) {
  return index == 4 || index == 5 ? 6 : index == 29 ? 0 : index;
}

TEST(BatchLoaderFailures, AreReplacedByTheNextReadableFile) {
  const test::TemporaryFolder intact_root;
  const test::TemporaryFolder root;
  const Epoch intact = run_epoch(*make_loader(make_tree(intact_root, 30), small_options()), 0);
  const ImageFolder folder = tree_with_broken_files(root);
  const Epoch epoch = run_epoch(*make_loader(folder, small_options()), 0);
  ASSERT_EQ(epoch.indices.size(), intact.indices.size());
  for (std::size_t i = 0; i < epoch.indices.size(); ++i) {
    EXPECT_EQ(epoch.indices[i], stand_in(intact.indices[i]));
    EXPECT_EQ(epoch.labels[i], folder.samples[static_cast<std::size_t>(epoch.indices[i])].label);
  }
}

TEST(BatchLoaderFailures, DoNotMakeBatchesDependOnWorkersOrResuming) {
  const test::TemporaryFolder root;
  const ImageFolder folder = tree_with_broken_files(root);
  LoaderOptions options = small_options();
  options.workers = 0;
  const auto reference = make_loader(folder, options);
  const Epoch expected = run_epoch(*reference, 3);
  for (const int workers : {1, 2, 4, 7}) {
    options.workers = workers;
    const auto loader = make_loader(folder, options);
    EXPECT_EQ(run_epoch(*loader, 3), expected) << workers << " workers";
    ASSERT_EQ(loader->unreadable().size(), reference->unreadable().size());
    for (std::size_t i = 0; i < loader->unreadable().size(); ++i) {
      EXPECT_EQ(loader->unreadable()[i].path, reference->unreadable()[i].path);
    }
    const Epoch resumed = run_epoch(*make_loader(folder, options), 3, 4);
    EXPECT_EQ(resumed.pixels, std::vector(expected.pixels.begin() + 4, expected.pixels.end()));
  }
}

TEST(BatchLoaderFailures, AreNamedOnceWithTheirFault) {
  const test::TemporaryFolder root;
  const ImageFolder folder = tree_with_broken_files(root);
  const auto loader = make_loader(folder, small_options());
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) run_epoch(*loader, epoch);
  std::vector<UnreadableImage> found = loader->unreadable();
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].index, 4u);
  EXPECT_EQ(found[0].path, folder.samples[4].path);
  EXPECT_EQ(found[0].message, "is neither a JPEG nor a PNG file");
  EXPECT_EQ(found[1].message, "is empty");
  EXPECT_THAT(found[2].message, HasSubstr("is cut short"));
  EXPECT_EQ(loader->counters().images, 90u);
}

TEST(BatchLoaderFailures, UpToTheLimitAreAccepted) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  options.max_unreadable = 3;
  EXPECT_EQ(run_epoch(*make_loader(tree_with_broken_files(root), options), 0).indices.size(), 30u);
}

TEST(BatchLoaderFailures, AboveTheLimitEndTheEpochInTheSameBatchForAnyWorkers) {
  const test::TemporaryFolder root;
  const ImageFolder folder = tree_with_broken_files(root);
  std::vector<int> batches_before;
  for (const int workers : {0, 1, 4}) {
    LoaderOptions options = small_options();
    options.workers = workers;
    options.max_unreadable = 2;
    const auto loader = make_loader(folder, options);
    loader->start_epoch(0);
    int given = 0;
    auto batch = loader->next();
    for (; batch && *batch != nullptr; batch = loader->next()) ++given;
    batches_before.push_back(given);
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().code, "E305");
    EXPECT_THAT(batch.error().message, HasSubstr("3 pictures of '" + root.path().string() + "' cannot be read"));
    EXPECT_THAT(batch.error().message, HasSubstr("at most 2 may; the last: '"));
    EXPECT_FALSE(loader->next()) << "the error stays";
  }
  EXPECT_EQ(batches_before, std::vector<int>(3, batches_before.front()));
}

TEST(BatchLoaderFailures, NoneMayBeAllowed) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  options.max_unreadable = 0;
  EXPECT_EQ(run_epoch(*make_loader(make_tree(root, 9), options), 0).indices.size(), 9u);
  const test::TemporaryFolder broken;
  const auto loader = make_loader(tree_with_broken_files(broken), options);
  EXPECT_THROW(run_epoch(*loader, 0), CommandFailure);
}

TEST(BatchLoaderFailures, OnlyBrokenFilesAreAnErrorAndNotALoop) {
  const test::TemporaryFolder root;
  for (int i = 0; i < 20; ++i) root.write("a/" + std::to_string(i) + ".png", "x");
  for (const std::size_t allowed : {std::size_t{5}, std::size_t{19}, std::size_t{1000}}) {
    LoaderOptions options = small_options();
    options.max_unreadable = allowed;
    const auto loader = make_loader(value_or_throw(list_image_folder(root.path())), options);
    loader->start_epoch(0);
    const auto batch = loader->next();
    ASSERT_FALSE(batch) << allowed;
    EXPECT_EQ(batch.error().code, "E305");
  }
}

TEST(BatchLoaderFailures, FilesThatVanishAreNamed) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 9);
  std::filesystem::remove(root.path() / folder.samples[3].path);
  const auto loader = make_loader(folder, small_options());
  run_epoch(*loader, 0);
  ASSERT_EQ(loader->unreadable().size(), 1u);
  EXPECT_EQ(loader->unreadable()[0].message, "cannot be read: no such file or directory (ENOENT)");
}

}  // namespace
}  // namespace smflow::images
