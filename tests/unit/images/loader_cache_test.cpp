#include "picture_files.hpp"

#include <gtest/gtest.h>

#include <smflow/images/loader.hpp>

namespace smflow::images {
namespace {

using test_files::Epoch;
using test_files::make_loader;
using test_files::make_tree;
using test_files::run_epoch;
using test_files::small_options;

class BatchLoaderCache : public testing::TestWithParam<int> {
 protected:
  test::TemporaryFolder root_;
  test::TemporaryFolder other_;
};

TEST_P(BatchLoaderCache, GivesTheSameBatchesEmptyFillingAndFull) {
  const ImageFolder folder = make_tree(root_, 43);
  root_.write(folder.samples[7].path, "broken");
  LoaderOptions options = small_options();
  options.workers = GetParam();
  const auto reference = make_loader(folder, options);
  options.cache_file = other_ / "cache";
  {
    const auto filling = make_loader(folder, options);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      EXPECT_EQ(run_epoch(*filling, epoch), run_epoch(*reference, epoch)) << "filling, epoch " << epoch;
    }
    // Each readable picture once; the one that stands in for the broken one may be decoded by two threads at once.
    EXPECT_GE(filling->counters().decoded, 42u);
    EXPECT_LE(filling->counters().decoded, options.workers > 1 ? 43u : 42u);
    EXPECT_EQ(filling->cache_note(), "");
  }
  const auto full = make_loader(folder, options);
  for (std::uint64_t epoch = 3; epoch < 5; ++epoch) {
    EXPECT_EQ(run_epoch(*full, epoch), run_epoch(*reference, epoch)) << "full, epoch " << epoch;
  }
  EXPECT_EQ(full->counters().decoded, 0u);
  EXPECT_EQ(full->counters().from_cache, 86u);
  ASSERT_EQ(full->unreadable().size(), 1u) << "broken files are named with a cache too";
  EXPECT_EQ(full->unreadable()[0].index, 7u);
}

TEST_P(BatchLoaderCache, ServesChannelsLastFromTheSameFile) {
  const ImageFolder folder = make_tree(root_, 12);
  LoaderOptions options = small_options();
  options.workers = GetParam();
  options.cache_file = other_ / "cache";
  run_epoch(*make_loader(folder, options), 0);
  options.channels_last = true;
  const auto cached = make_loader(folder, options);
  const Epoch from_cache = run_epoch(*cached, 1);
  EXPECT_EQ(cached->counters().decoded, 0u);
  options.cache_file.clear();
  EXPECT_EQ(from_cache, run_epoch(*make_loader(folder, options), 1));
}

TEST_P(BatchLoaderCache, ThatCannotBeUsedIsLeftOut) {
  const ImageFolder folder = make_tree(root_, 12);
  LoaderOptions options = small_options();
  options.workers = GetParam();
  const Epoch expected = run_epoch(*make_loader(folder, options), 0);
  options.cache_file = other_.write("thesis.txt", "not a cache");
  const auto loader = make_loader(folder, options);
  EXPECT_EQ(run_epoch(*loader, 0), expected);
  EXPECT_NE(loader->cache_note(), "");
}

INSTANTIATE_TEST_SUITE_P(Workers, BatchLoaderCache, testing::Values(0, 1, 4));

}  // namespace
}  // namespace smflow::images
