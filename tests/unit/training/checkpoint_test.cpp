#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/training/checkpoint.hpp>

namespace smflow::training {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

NamedTensors state(double value) {
  return {{"weight", at::full({3, 5}, value)}, {"step", at::full({}, static_cast<std::int64_t>(value), at::kLong)}};
}

class CheckpointFolderTest : public testing::Test {
 protected:
  std::filesystem::path save(std::int64_t step) {
    const auto file = checkpoints_.save({step, step / 10, step % 10}, state(static_cast<double>(step)));
    EXPECT_TRUE(file) << file.error().message;
    return *file;
  }

  // The step that the restored tensors were saved at; -1 when nothing was restored.
  std::int64_t restored_step() {
    const NamedTensors tensors = state(-1);
    const auto restored = checkpoints_.restore(tensors, notes_);
    EXPECT_TRUE(restored) << restored.error().message;
    const auto step = tensors[1].second.item<std::int64_t>();
    EXPECT_TRUE(at::equal(tensors[0].second, at::full({3, 5}, static_cast<double>(step))));
    if (*restored) {
      EXPECT_EQ((*restored)->position, (Position{step, step / 10, step % 10}));
    }
    return step;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "a/checkpoints")) {
      all.push_back(entry.path().filename().string());
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  test::TemporaryFolder folder_;
  CheckpointFolder checkpoints_{folder_ / "a/checkpoints", "A=1\nB=\"x\"\n"};
  std::vector<std::string> notes_;
};

TEST_F(CheckpointFolderTest, HasNothingToRestoreAtFirst) {
  EXPECT_EQ(restored_step(), -1);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(CheckpointFolderTest, MakesItsFolderAndBringsTheStateBack) {
  EXPECT_EQ(save(27).filename(), "checkpoint-0000000027.safetensors");
  EXPECT_EQ(restored_step(), 27);
}

TEST_F(CheckpointFolderTest, KeepsTheNewestTwo) {
  for (const std::int64_t step : {9, 10, 100, 1000}) save(step);
  EXPECT_THAT(names(), ElementsAre("checkpoint-0000000100.safetensors", "checkpoint-0000001000.safetensors"));
  EXPECT_EQ(restored_step(), 1000);
}

TEST_F(CheckpointFolderTest, LeavesOtherFilesAlone) {
  folder_.write("a/checkpoints/notes.txt", "mine");
  folder_.write("a/checkpoints/checkpoint-best.safetensors", "mine");
  for (const std::int64_t step : {1, 2, 3}) save(step);
  EXPECT_THAT(names(), ElementsAre("checkpoint-0000000002.safetensors", "checkpoint-0000000003.safetensors",
                                   "checkpoint-best.safetensors", "notes.txt"));
  EXPECT_EQ(restored_step(), 3);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(CheckpointFolderTest, RefusesAnotherConfiguration) {
  save(1);
  const CheckpointFolder other(folder_ / "a/checkpoints", "A=2\n");
  const NamedTensors tensors = state(-1);
  const auto restored = other.restore(tensors, notes_);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, "E335");
  EXPECT_EQ(tensors[1].second.item<std::int64_t>(), -1);
}

TEST_F(CheckpointFolderTest, RefusesOtherTensors) {
  save(1);
  const auto restored = checkpoints_.restore({{"weight", at::zeros({3, 6})}}, notes_);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, "E334");
  EXPECT_THAT(restored.error().message, AllOf(HasSubstr("'weight'"), HasSubstr("shape [3, 5], not [3, 6]")));
}

TEST_F(CheckpointFolderTest, ReportsAFolderThatCannotBeMade) {
  folder_.write("file", "");
  EXPECT_FALSE(CheckpointFolder(folder_ / "file/checkpoints", "").save({1, 0, 1}, state(1)));
}

TEST_F(CheckpointFolderTest, PassesOverEveryTornFile) {
  save(1);
  const auto newest = save(2);
  const std::string whole = test::slurp(newest);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    std::filesystem::resize_file(newest, size);
    notes_.clear();
    ASSERT_EQ(restored_step(), 1) << size;
    ASSERT_THAT(notes_, ElementsAre(HasSubstr("checkpoint '" + newest.string() + "' is passed over: "))) << size;
    folder_.write("a/checkpoints/" + newest.filename().string(), whole);
  }
  EXPECT_EQ(restored_step(), 2);
}

// A flipped bit of the header either changes nothing that counts or is found; one of the data is always found.
TEST_F(CheckpointFolderTest, FindsEveryFlippedBitOfItsData) {
  save(1);
  const auto newest = save(2);
  const std::string whole = test::slurp(newest);
  const std::size_t data = 3 * 5 * sizeof(float) + sizeof(std::int64_t);
  for (std::size_t place = whole.size() - data; place < whole.size(); ++place) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << place % 8));
    folder_.write("a/checkpoints/" + newest.filename().string(), damaged);
    notes_.clear();
    ASSERT_EQ(restored_step(), 1) << place;
    ASSERT_THAT(notes_, ElementsAre(HasSubstr("its checksum is wrong")));
  }
}

TEST_F(CheckpointFolderTest, PassesOverFilesOfAnotherFormat) {
  const auto write = [&](const Metadata& metadata) {
    std::filesystem::create_directories(folder_ / "a/checkpoints");
    EXPECT_TRUE(write_safetensors(folder_ / "a/checkpoints/checkpoint-0000000009.safetensors", {}, metadata));
    notes_.clear();
    EXPECT_EQ(restored_step(), -1);
    return notes_;
  };
  EXPECT_THAT(write({}), ElementsAre(HasSubstr("not of the format smflow.checkpoint/1")));
  EXPECT_THAT(write({{"format", "smflow.checkpoint/2"}}), ElementsAre(HasSubstr("not of the format")));
  EXPECT_THAT(write({{"format", "smflow.checkpoint/1"}, {"step", "1"}, {"epoch", "-1"}, {"batch", "0"}}),
              ElementsAre(HasSubstr("does not say how far")));
  EXPECT_THAT(write({{"format", "smflow.checkpoint/1"}, {"step", "1x"}, {"epoch", "0"}, {"batch", "0"}}),
              ElementsAre(HasSubstr("does not say how far")));
}

}  // namespace
}  // namespace smflow::training
