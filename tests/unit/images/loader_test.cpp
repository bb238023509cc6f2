#include "picture_files.hpp"
#include "pixels.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include <smflow/images/loader.hpp>
#include <smflow/images/reader.hpp>

namespace smflow::images {
namespace {

using test_files::Epoch;
using test_files::make_loader;
using test_files::make_tree;
using test_files::run_epoch;
using test_files::small_options;

class BatchLoaderWorkers : public testing::TestWithParam<int> {};

TEST_P(BatchLoaderWorkers, DoNotChangeTheBatches) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 43);
  LoaderOptions options = small_options();
  options.workers = 0;
  const auto reference = make_loader(folder, options);
  options.workers = GetParam();
  const auto loader = make_loader(folder, options);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_EQ(run_epoch(*loader, epoch), run_epoch(*reference, epoch)) << "epoch " << epoch;
  }
}

TEST_P(BatchLoaderWorkers, ResumeInsideAnEpochWithoutDecodingWhatCameBefore) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 43);
  LoaderOptions options = small_options();
  options.workers = GetParam();
  const auto loader = make_loader(folder, options);
  const Epoch whole = run_epoch(*loader, 2);
  for (const std::int64_t first : {1, 4, 8, 9}) {
    const auto fresh = make_loader(folder, options);
    const Epoch rest = run_epoch(*fresh, 2, first);
    EXPECT_EQ(rest.pixels, std::vector(whole.pixels.begin() + first, whole.pixels.end()));
    EXPECT_EQ(rest.indices.size() + static_cast<std::size_t>(std::min<std::int64_t>(43, 5 * first)), 43u);
    EXPECT_EQ(fresh->counters().decoded, rest.indices.size());
  }
}

TEST_P(BatchLoaderWorkers, AnEpochGivenUpLeavesNoTrace) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 43);
  LoaderOptions options = small_options();
  options.workers = GetParam();
  const auto reference = make_loader(folder, options);
  const Epoch expected = run_epoch(*reference, 1);
  const auto loader = make_loader(folder, options);
  for (int taken = 0; taken < 9; ++taken) {
    loader->start_epoch(0);
    for (int i = 0; i < taken; ++i) ASSERT_NE(value_or_throw(loader->next()), nullptr);
    EXPECT_EQ(run_epoch(*loader, 1), expected);
  }
}

TEST_P(BatchLoaderWorkers, StopAnywhere) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 43);
  LoaderOptions options = small_options();
  options.workers = GetParam();
  for (int i = 0; i < 100; ++i) {
    const auto loader = make_loader(folder, options);
    if (i % 10 == 0) continue;
    loader->start_epoch(static_cast<std::uint64_t>(i));
    for (int taken = 0; taken < i % 10 - 1; ++taken) ASSERT_NE(value_or_throw(loader->next()), nullptr);
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, BatchLoaderWorkers, testing::Values(0, 1, 2, 4, 7));

TEST(BatchLoader, GivesThePixelsOfTheReader) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 7);
  LoaderOptions options = small_options();
  options.horizontal_flip = false;
  const auto loader = make_loader(folder, options);
  ImageReader reader(options.image_size);
  std::vector<std::uint8_t> planar(planar_bytes(options.image_size));
  std::vector<float> expected(planar.size());
  loader->start_epoch(0);
  while (const Batch* batch = value_or_throw(loader->next())) {
    for (std::size_t i = 0; i < batch->indices.size(); ++i) {
      const Sample& sample = folder.samples[static_cast<std::size_t>(batch->indices[i])];
      EXPECT_EQ(batch->labels[i], sample.label);
      ASSERT_TRUE(reader.read(root.path() / sample.path, planar.data()));
      normalize(planar, expected.data());
      EXPECT_EQ(std::memcmp(batch->pixels + i * planar.size(), expected.data(), planar.size() * sizeof(float)), 0);
    }
  }
}

TEST(BatchLoader, ShufflesByEpochAndSeed) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 43);
  LoaderOptions options = small_options();
  const auto loader = make_loader(folder, options);
  options.seed = 12;
  const auto other = make_loader(folder, options);
  EXPECT_EQ(run_epoch(*loader, 0), run_epoch(*loader, 0));
  EXPECT_NE(run_epoch(*loader, 0).indices, run_epoch(*loader, 1).indices);
  EXPECT_NE(run_epoch(*loader, 0).indices, run_epoch(*other, 0).indices);
}

TEST(BatchLoader, KeepsTheListsOrderWithoutShuffle) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  options.shuffle = false;
  const auto loader = make_loader(make_tree(root, 12), options);
  const Epoch epoch = run_epoch(*loader, 3);
  EXPECT_TRUE(std::is_sorted(epoch.indices.begin(), epoch.indices.end()));
  EXPECT_EQ(epoch.indices.size(), 12u);
}

TEST(BatchLoader, DropsOrKeepsTheLastPartOfABatch) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 13);
  LoaderOptions options = small_options();
  EXPECT_EQ(make_loader(folder, options)->batches_per_epoch(), 3);
  EXPECT_EQ(run_epoch(*make_loader(folder, options), 0).indices.size(), 13u);
  options.drop_last = true;
  EXPECT_EQ(make_loader(folder, options)->batches_per_epoch(), 2);
  EXPECT_EQ(run_epoch(*make_loader(folder, options), 0).indices.size(), 10u);
}

TEST(BatchLoader, ShardsAreDisjointAndAsLongAsEachOther) {
  const test::TemporaryFolder root;
  const ImageFolder folder = make_tree(root, 14);
  LoaderOptions options = small_options();
  options.shards = 4;
  std::multiset<std::int64_t> seen;
  for (options.shard = 0; options.shard < options.shards; ++options.shard) {
    const Epoch epoch = run_epoch(*make_loader(folder, options), 0);
    EXPECT_EQ(epoch.indices.size(), 4u);
    seen.insert(epoch.indices.begin(), epoch.indices.end());
  }
  for (std::int64_t index = 0; index < 14; ++index) EXPECT_GE(seen.count(index), 1u);
  EXPECT_EQ(seen.size(), 16u) << "two are given twice";
}

TEST(BatchLoader, AHeldBatchStaysUntouched) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  options.held = 3;
  options.prefetch = 1;
  options.workers = 4;
  const auto loader = make_loader(make_tree(root, 43), options);
  loader->start_epoch(0);
  struct Kept {
    const Batch* batch;
    std::vector<float> pixels;
  };
  std::vector<Kept> kept;
  while (const Batch* batch = value_or_throw(loader->next())) {
    const std::size_t floats = static_cast<std::size_t>(batch->count) * planar_bytes(options.image_size);
    kept.push_back({batch, {batch->pixels, batch->pixels + floats}});
    if (kept.size() > 3) kept.erase(kept.begin());
    for (const Kept& one : kept) {
      ASSERT_EQ(std::memcmp(one.batch->pixels, one.pixels.data(), one.pixels.size() * sizeof(float)), 0);
    }
  }
}

TEST(BatchLoader, WritesIntoTheCallersBuffers) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  options.held = 1;
  options.prefetch = 2;
  std::vector<std::vector<float>> memory(3, std::vector<float>(5 * planar_bytes(options.image_size)));
  for (std::vector<float>& one : memory) options.buffers.push_back(one.data());
  const ImageFolder folder = make_tree(root, 23);
  const auto loader = make_loader(folder, options);
  loader->start_epoch(0);
  while (const Batch* batch = value_or_throw(loader->next())) {
    EXPECT_NE(std::find(options.buffers.begin(), options.buffers.end(), batch->pixels), options.buffers.end());
  }
  LoaderOptions own = options;
  own.buffers.clear();
  EXPECT_EQ(run_epoch(*loader, 1), run_epoch(*make_loader(folder, own), 1));
}

TEST(BatchLoader, GivesNothingBeforeAnEpochStartsAndAfterItsEnd) {
  const test::TemporaryFolder root;
  const auto loader = make_loader(make_tree(root, 3), small_options());
  EXPECT_EQ(value_or_throw(loader->next()), nullptr);
  loader->start_epoch(0);
  EXPECT_NE(value_or_throw(loader->next()), nullptr);
  EXPECT_EQ(value_or_throw(loader->next()), nullptr);
  EXPECT_EQ(value_or_throw(loader->next()), nullptr);
}

struct BadOption {
  const char* name;
  void (*set)(LoaderOptions&);
  const char* code;
  const char* message;
};

class BatchLoaderOptions : public testing::TestWithParam<BadOption> {};

TEST_P(BatchLoaderOptions, OutOfRangeAreRefused) {
  const test::TemporaryFolder root;
  LoaderOptions options = small_options();
  GetParam().set(options);
  const auto loader = BatchLoader::create(make_tree(root, 3), options);
  ASSERT_FALSE(loader);
  EXPECT_EQ(loader.error().code, GetParam().code);
  EXPECT_NE(loader.error().message.find(GetParam().message), std::string::npos) << loader.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Each, BatchLoaderOptions,
    testing::Values(
        BadOption{"ImageSize", [](LoaderOptions& o) { o.image_size = 0; }, "E303", "the image size is 0, not in 1 to"},
        BadOption{"HugeImage", [](LoaderOptions& o) { o.image_size = 5000; }, "E303", "is 5000, not in 1 to 4096"},
        BadOption{"BatchSize", [](LoaderOptions& o) { o.batch_size = -1; }, "E303", "the batch size is -1"},
        BadOption{"Workers", [](LoaderOptions& o) { o.workers = -2; }, "E303", "workers is -2, not in 0 to 1024"},
        BadOption{"Shard", [](LoaderOptions& o) { o.shards = 2, o.shard = 2; }, "E303",
                  "the shard is 2, not in 0 to 1"},
        BadOption{"Held", [](LoaderOptions& o) { o.held = 0; }, "E303", "held batches is 0"},
        BadOption{"Buffers", [](LoaderOptions& o) { o.buffers = {nullptr}; }, "E303", "1 buffers in place of 4"},
        BadOption{"DropLast", [](LoaderOptions& o) { o.drop_last = true; }, "E304", "do not fill one batch of 5"},
        BadOption{"Memory", [](LoaderOptions& o) { o.image_size = 4096, o.batch_size = 1 << 20; }, "E306", "memory"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace smflow::images
