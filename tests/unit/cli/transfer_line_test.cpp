#include "transfer_line.hpp"

#include "support/fake_clock.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// On a terminal that is a buffer.
class TransferLineTest : public testing::Test {
 protected:
  void SetUp() override { line_.show_on(&screen_); }
  void TearDown() override {
    line_.show_on(nullptr);
    std::fclose(stream_);
  }

  // What is on the screen after this, drawn however soon after the last.
  std::string after(const std::string& uri, std::uint64_t done, std::uint64_t total, bool upload = false) {
    screen_.clear_live();
    std::rewind(stream_);
    buffer_.fill('\0');
    line_.moved({.uri = uri, .upload = upload, .done = done, .total = total});
    std::fflush(stream_);
    return buffer_.data();
  }

  std::array<char, 4096> buffer_{};
  std::FILE* stream_ = ::fmemopen(buffer_.data(), buffer_.size(), "w");
  Screen screen_{stream_, true, false};
  test::FakeClock clock_;
  TransferLine line_{clock_};
};

TEST_F(TransferLineTest, CountsObjectsThatAreThroughAndAllBytes) {
  after("s3://b/one", 600, 1000);
  after("s3://b/two", 1000, 1000);
  EXPECT_THAT(after("s3://b/one", 1000, 1000), HasSubstr("downloading 2 objects, 2.0 KiB"));
}

TEST_F(TransferLineTest, TakesBackWhatIsTransferredAnew) {
  after("s3://b/one", 5000, 6000);
  EXPECT_THAT(after("s3://b/one", 1000, 6000), HasSubstr("downloading 1000 B"));
}

TEST_F(TransferLineTest, ShowsHowMuchOfALargeObjectIsThereAndHowFast) {
  after("s3://b/exp/model.tar.gz", 0, 100u << 20, true);
  clock_.advance(std::chrono::seconds(10));
  const std::string shown = after("s3://b/exp/model.tar.gz", 50u << 20, 100u << 20, true);
  EXPECT_THAT(shown, HasSubstr("uploading model.tar.gz ▕██████████          ▏ of 100.0 MiB, 50.0 MiB, 5.0 MiB/s"));
}

TEST_F(TransferLineTest, CountsNoTimeBeforeTheFirstByte) {
  clock_.advance(std::chrono::seconds(10));
  EXPECT_THAT(after("s3://b/one", 1000, 2000), Not(HasSubstr("/s")));
  clock_.advance(std::chrono::seconds(2));
  EXPECT_THAT(after("s3://b/one", 2000, 2000), HasSubstr("1 object, 2.0 KiB, 1000 B/s"));
}

TEST_F(TransferLineTest, SaysNothingWhenItIsNotShown) {
  line_.show_on(nullptr);
  EXPECT_THAT(after("s3://b/one", 10, 20), Not(HasSubstr("downloading")));
  line_.show_on(&screen_);
  EXPECT_THAT(after("s3://b/one", 10, 20), HasSubstr("downloading 10 B"));
}

}  // namespace
}  // namespace smflow::cli
