#include "support/temporary_folder.hpp"

#include <atomic>
#include <bit>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include <smflow/training/tensorboard.hpp>

// The event file is taken apart here by the public descriptions of TFRecord and protobuf, with none of our own code.
namespace smflow::training {
namespace {

class TurnedClock : public Clock {
 public:
  WallTime now() const override { return WallTime(std::chrono::milliseconds(1795439002118)); }
  SteadyTime steady_now() const override { return SteadyTime(std::chrono::seconds(seconds_.load())); }
  void turn(int seconds) { seconds_ += seconds; }

 private:
  std::atomic<int> seconds_ = 100;
};

std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

struct Records {
  std::vector<std::string> data;
  bool sound = true;  // every checksum is right and nothing is left over
};

Records records_of(std::string_view file) {
  Records records;
  while (!file.empty()) {
    if (file.size() < 16) return {records.data, false};
    const auto length = number(file.substr(0, 8));
    if (number(file.substr(8, 4)) != checksum(file.substr(0, 8)) || file.size() < 16 + length)
      return {records.data, false};
    const auto data = file.substr(12, length);
    if (number(file.substr(12 + length, 4)) != checksum(data)) return {records.data, false};
    records.data.emplace_back(data);
    file.remove_prefix(16 + length);
  }
  return records;
}

// Fields by number; numbers as they are, fixed ones as bits.
struct Message {
  std::map<int, std::uint64_t> numbers;
  std::map<int, std::string> texts;
};

std::uint64_t varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  ADD_FAILURE() << "a number without an end";
  return value;
}

Message message_of(std::string_view bytes) {
  Message message;
  while (!bytes.empty()) {
    const std::uint64_t key = varint(bytes);
    const int field = static_cast<int>(key >> 3);
    const std::uint64_t type = key & 7;
    if (type == 0) {
      message.numbers[field] = varint(bytes);
      continue;
    }
    const std::size_t size = type == 1 ? 8 : type == 5 ? 4 : varint(bytes);
    if (size > bytes.size()) {
      ADD_FAILURE() << "field " << field << " ends beyond its message";
      return message;
    }
    if (type == 2) {
      message.texts[field] = bytes.substr(0, size);
    } else {
      message.numbers[field] = number(bytes.substr(0, size));
    }
    bytes.remove_prefix(size);
  }
  return message;
}

class EventFileTest : public testing::Test {
 protected:
  std::vector<Message> events() const {
    const Records records = records_of(test::slurp(file_->file()));
    EXPECT_TRUE(records.sound);
    std::vector<Message> messages;
    for (const std::string& record : records.data) messages.push_back(message_of(record));
    return messages;
  }

  test::TemporaryFolder folder_;
  TurnedClock clock_;
  std::optional<EventFile> file_ = *EventFile::create(folder_ / "charts", "algo-1", clock_);
};

TEST_F(EventFileTest, IsNamedAsTensorboardLooksForIt) {
  EXPECT_EQ(file_->file().filename().string().find("events.out.tfevents.1795439002.algo-1."), 0u) << file_->file();
  EXPECT_EQ(file_->file().parent_path(), folder_ / "charts");
}

TEST_F(EventFileTest, BeginsWithItsVersion) {
  ASSERT_TRUE(file_->flush());
  const auto all = events();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].texts.at(3), "brain.Event:2");
  EXPECT_EQ(std::bit_cast<double>(all[0].numbers.at(1)), 1795439002.118);
}

TEST_F(EventFileTest, HoldsScalars) {
  ASSERT_TRUE(file_->scalar(150, "generator/loss", 2.141f));
  ASSERT_TRUE(file_->scalar(1ll << 40, "d/real", -0.5f));
  ASSERT_TRUE(file_->flush());
  const auto all = events();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].numbers.at(2), 150u);
  const Message value = message_of(message_of(all[1].texts.at(5)).texts.at(1));
  EXPECT_EQ(value.texts.at(1), "generator/loss");
  EXPECT_EQ(std::bit_cast<float>(static_cast<std::uint32_t>(value.numbers.at(2))), 2.141f);
  EXPECT_EQ(all[2].numbers.at(2), 1ull << 40);
}

TEST_F(EventFileTest, HoldsPictures) {
  const std::string png = std::string("\x89PNG\0 all of it", 15) + std::string(300, 'x');
  ASSERT_TRUE(file_->image(7, "samples", {.width = 530, .height = 266, .bytes = png}));
  ASSERT_TRUE(file_->flush());
  const Message value = message_of(message_of(events().at(1).texts.at(5)).texts.at(1));
  EXPECT_EQ(value.texts.at(1), "samples");
  const Message image = message_of(value.texts.at(4));
  EXPECT_EQ(image.numbers.at(1), 266u);
  EXPECT_EQ(image.numbers.at(2), 530u);
  EXPECT_EQ(image.numbers.at(3), 3u);
  EXPECT_EQ(image.texts.at(4), png);
}

TEST_F(EventFileTest, TellsReadersOfARestart) {
  ASSERT_TRUE(file_->restart(40));
  ASSERT_TRUE(file_->flush());
  const Message event = events().at(1);
  EXPECT_EQ(event.numbers.at(2), 40u);
  EXPECT_EQ(message_of(event.texts.at(7)).numbers.at(1), 1u);
}

TEST_F(EventFileTest, WritesEveryFiveSeconds) {
  ASSERT_TRUE(file_->scalar(1, "a", 1));
  clock_.turn(4);
  ASSERT_TRUE(file_->scalar(2, "a", 1));
  EXPECT_EQ(test::slurp(file_->file()), "");
  clock_.turn(1);
  ASSERT_TRUE(file_->scalar(3, "a", 1));
  EXPECT_EQ(events().size(), 4u);
}

TEST_F(EventFileTest, WritesWhatHasGathered) {
  ASSERT_TRUE(file_->image(1, "a", {.width = 1, .height = 1, .bytes = std::string(64 << 10, 'x')}));
  EXPECT_EQ(events().size(), 2u);
}

TEST_F(EventFileTest, WritesTheRestAtTheEnd) {
  ASSERT_TRUE(file_->scalar(1, "a", 1));
  const auto path = file_->file();
  file_.reset();
  EXPECT_EQ(records_of(test::slurp(path)).data.size(), 2u);
}

TEST_F(EventFileTest, IsOneOfManyInAFolder) {
  const auto other = EventFile::create(folder_ / "charts", "algo-1", clock_);
  ASSERT_TRUE(other);
  EXPECT_NE(other->file(), file_->file());
}

TEST(EventFile, ReportsAFolderThatCannotBeMade) {
  const test::TemporaryFolder folder;
  const TurnedClock clock;
  folder.write("file", "");
  EXPECT_FALSE(EventFile::create(folder / "file/charts", "algo-1", clock));
}

}  // namespace
}  // namespace smflow::training
