#include "s3_fixture.hpp"

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/service.hpp>
#include <smflow/base/base64.hpp>

namespace smflow::s3 {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using smflow::test::slurp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Downloading : public S3Test {
 protected:
  const std::string& stored(std::size_t size, unsigned seed = 1) {
    s3_.put(object_.key, content_ = random_bytes(size, seed));
    return content_;
  }
  Result<void> download(std::optional<std::uint64_t> size = {}) {
    return download_file(*client_, object_, file_, options_, size);
  }
  // A download that fails leaves nothing new and what was there as it was.
  Error failure() {
    const auto done = download();
    EXPECT_FALSE(done);
    EXPECT_THAT(left(), IsEmpty());
    folder_.write("file", "old");
    EXPECT_FALSE(download());
    EXPECT_EQ(slurp(file_), "old");
    EXPECT_THAT(left(), ElementsAre("file"));
    return done ? Error{} : done.error();
  }

  const fs::path file_ = folder_ / "file";
  std::string content_;
};

TEST_F(Downloading, WritesTheBytesAndTheTimeOfTheObject) {
  for (const std::size_t size : {0, 1, 999, 1000, 1001, 4500, 5000}) {
    stored(size);
    ASSERT_TRUE(download()) << size;
    EXPECT_EQ(slurp(file_), content_);
  }
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mtim.tv_sec, 1705320000);
  EXPECT_THAT(left(), ElementsAre("file"));
}

TEST_F(Downloading, AsksOnceForASmallObjectOfKnownSize) {
  stored(10);
  ASSERT_TRUE(download(10));
  EXPECT_EQ(slurp(file_), content_);
  EXPECT_EQ(s3_.calls().size(), 1u);
}

TEST_F(Downloading, TellsItsProgress) {
  std::uint64_t last = 0;
  options_.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 4500u);
    EXPECT_GT(done, last);
    last = done;
  };
  stored(4500);
  ASSERT_TRUE(download());
  EXPECT_EQ(last, 4500u);
}

TEST_F(Downloading, SaysThatThereIsNoSuchObject) {
  EXPECT_EQ(failure().code, "E150");
  EXPECT_EQ(download(10).error().code, "E150");
}

TEST_F(Downloading, AsksAgainForWhatWasCutShort) {
  s3_.spoil = [](const Call& call, std::string& bytes) {
    if (call.number > 2) return true;
    bytes.resize(bytes.size() / 2);
    return false;
  };
  for (const std::size_t size : {500, 4500}) {
    stored(size);
    ASSERT_TRUE(download()) << size;
    EXPECT_EQ(slurp(file_), content_);
    s3_.spoil = [](const Call& call, std::string& bytes) {
      if (call.number % 2 == 0) return true;
      bytes.resize(bytes.size() - 1);  // and the length is not said
      return true;
    };
  }
}

TEST_F(Downloading, GivesUpWhenItIsAlwaysCutShort) {
  s3_.spoil = [](const Call&, std::string& bytes) {
    bytes.resize(bytes.size() / 2);
    return false;
  };
  stored(4500);
  EXPECT_EQ(failure().code, "E429");
  stored(500);
  fs::remove(file_);
  EXPECT_EQ(failure().code, "E429");
}

TEST_F(Downloading, PausesBeforeItAsksForAPartAgain) {
  s3_.spoil = [](const Call&, std::string& bytes) {
    bytes.resize(bytes.size() / 2);
    return false;
  };
  stored(4500);
  options_.connections = 1;
  EXPECT_FALSE(download());
  EXPECT_THAT(s3_.pauses(), ElementsAre(500ms, 1000ms, 2000ms));
}

TEST_F(Downloading, NoticesAFlippedByte) {
  s3_.spoil = [](const Call& call, std::string& bytes) {
    if (call.part == 0) bytes[7] = static_cast<char>(bytes[7] ^ 1);
    return true;
  };
  for (const std::size_t size : {500, 4500}) {
    stored(size);
    fs::remove(file_);
    const Error error = failure();
    EXPECT_EQ(error.code, "E441");
    EXPECT_THAT(error.message, HasSubstr("CRC64NVME"));
  }
}

TEST_F(Downloading, AsksOnceMoreForWhatWasDamagedOnItsWay) {
  bool damaged = false;
  s3_.spoil = [&](const Call&, std::string& bytes) {
    if (!std::exchange(damaged, true)) bytes[7] = static_cast<char>(bytes[7] ^ 1);
    return true;
  };
  options_.connections = 1;
  for (const std::size_t size : {500, 4500}) {
    stored(size);
    damaged = false;
    ASSERT_TRUE(download()) << size;
    EXPECT_EQ(slurp(file_), content_);
  }
  damaged = false;
  EXPECT_EQ(download_text(*client_, object_, 5000).value(), content_);
}

// An object that another program has put there, with a checksum of its choice.
struct Foreign {
  std::size_t size;
  std::vector<std::size_t> parts = {};  // none: a checksum of the whole
};

class DownloadingForeignObjects : public Downloading, public testing::WithParamInterface<aws::ChecksumAlgorithm> {
 protected:
  std::string checksum_of(std::string_view bytes) const {
    aws::Checksum checksum(GetParam());
    checksum.update(std::as_bytes(std::span(bytes)));
    return checksum.finish();
  }
  void stored(const Foreign& foreign) {
    content_ = random_bytes(foreign.size, 3);
    std::string value = checksum_of(content_);
    if (!foreign.parts.empty()) {
      std::string all;
      std::size_t at = 0;
      for (const std::size_t size : foreign.parts)
        all += checksum_of(std::string_view(content_).substr(std::exchange(at, at + size), size));
      value = checksum_of(all);
    }
    value = to_base64(value) + (foreign.parts.empty() ? "" : "-" + std::to_string(foreign.parts.size()));
    std::string name = "x-amz-checksum-" + std::string(aws::name_of(GetParam()));
    test::FakeS3::Object object{content_, "\"foreign\""};
    object.other_checksum = {{name, value},
                             {"x-amz-checksum-type", foreign.parts.empty() ? "FULL_OBJECT" : "COMPOSITE"}};
    object.part_sizes = foreign.parts;
    s3_.put(object_.key, std::move(object));
  }
  // With likely parts: smaller than ours, equal, larger, one; and with others.
  const std::vector<Foreign> all_ = {{0},
                                     {500},
                                     {4500},
                                     {500, {500}},
                                     {900, {600, 300}},
                                     {4500, {500, 500, 500, 500, 500, 500, 500, 500, 500}},
                                     {4500, {1000, 1000, 1000, 1000, 500}},
                                     {4500, {2600, 1900}},
                                     {4500, {4500}},
                                     {4500, {700, 2800, 1000}},
                                     {4500, {1500, 1000, 1500, 500}},
                                     {2800, {800, 800, 700, 500}}};
};

TEST_P(DownloadingForeignObjects, ComparesTheChecksumOfTheWholeOrOfTheParts) {
  for (const Foreign& foreign : all_) {
    SCOPED_TRACE(testing::Message() << foreign.size << " bytes in " << foreign.parts.size() << " parts");
    stored(foreign);
    ASSERT_TRUE(download());
    EXPECT_EQ(slurp(file_), content_);
    ASSERT_TRUE(download(foreign.size));
    EXPECT_EQ(slurp(file_), content_);
    EXPECT_EQ(download_text(*client_, object_, 5000).value(), content_);
  }
}

TEST_P(DownloadingForeignObjects, NoticesAFlippedByteInTheirLastPiece) {
  s3_.spoil = [](const Call&, std::string& bytes) {
    if (!bytes.empty()) bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return true;
  };
  for (const Foreign& foreign : all_) {
    if (foreign.size == 0) continue;
    SCOPED_TRACE(testing::Message() << foreign.size << " bytes in " << foreign.parts.size() << " parts");
    stored(foreign);
    fs::remove(file_);
    const Error error = failure();
    EXPECT_EQ(error.code, "E441");
    EXPECT_THAT(error.message, HasSubstr(std::string(aws::name_of(GetParam()))));
    EXPECT_EQ(download_text(*client_, object_, 5000).error().code, "E441");
  }
}

TEST_P(DownloadingForeignObjects, AreNotComparedWhenNobodyTellsTheParts) {
  stored({4500, {2600, 1900}});
  s3_.before = [](const Call& call) -> std::optional<Sent> {
    if (call.operation != "HeadPart") return std::nullopt;
    return http::Response{501, {}, ""};
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), content_);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, DownloadingForeignObjects, testing::ValuesIn(aws::checksum_algorithms),
                         [](const auto& param) { return std::string(aws::name_of(param.param)); });

TEST_F(Downloading, ComparesNoChecksumThatIsNotWanted) {
  stored(4500);
  const SystemClock clock;
  SystemRandom random;
  aws::Client client(aws::s3, "eu-west-1", {.url = "https://s3.fake"},
                     {.transport = s3_,
                      .credentials = nullptr,
                      .clock = clock,
                      .random = random,
                      .checked_checksums = aws::Checksums::when_required});
  s3_.spoil = [](const Call&, std::string& bytes) { return ++bytes[0], true; };
  EXPECT_TRUE(download_file(client, object_, file_, options_));
}

TEST_F(Downloading, BeginsAnewWhenTheObjectIsReplacedBeforeItsPartsAreTold) {
  test::FakeS3::Object object{random_bytes(4500), "\"old\""};
  object.other_checksum = {{"x-amz-checksum-crc32", "AAAAAA==-2"}};
  object.part_sizes = {2600, 1900};
  s3_.put(object_.key, object);
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation == "HeadPart") stored(7777, 2);
    return std::nullopt;
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), content_);
}

TEST_F(Downloading, IsContentWithTheSizeWhenThereIsNoChecksum) {
  stored(4500);
  s3_.after = [](const Call&, Sent& sent) {
    std::erase_if(sent->headers, [](const http::Header& one) { return one.name == "x-amz-checksum-crc64nvme"; });
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), content_);
}

TEST_F(Downloading, BeginsAnewWhenTheObjectIsReplaced) {
  stored(4500);
  std::atomic<int> replaced = 0;
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 2000 && replaced++ == 0) stored(7777, 2);
    return std::nullopt;
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), random_bytes(7777, 2));
}

TEST_F(Downloading, BeginsAnewWhenTheObjectHasBecomeShorter) {
  stored(4500);
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation != "GetObject" || call.part == 0) return std::nullopt;
    s3_.put(object_.key, "");
    return test::s3_error(416, "InvalidRange");
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), "");
}

TEST_F(Downloading, GivesUpWhenTheObjectIsReplacedAgainAndAgain) {
  unsigned seed = 2;
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.operation == "GetObject" && call.part == 0) s3_.put(object_.key, random_bytes(4500, seed++));
    return std::nullopt;
  };
  stored(4500);
  options_.connections = 1;
  const Error error = failure();
  EXPECT_EQ(error.code, "E442");
  EXPECT_EQ(error.exit, ExitCode::conflict);
}

TEST_F(Downloading, RefusesAnAnswerThatIgnoresTheRange) {
  stored(4500);
  s3_.after = [&](const Call& call, Sent& sent) {
    if (call.operation == "GetObject") sent = http::Response{200, {{"Content-Length", "4500"}}, content_};
  };
  EXPECT_EQ(failure().code, "E441");
}

TEST_F(Downloading, AsksOnceMoreAfterAnotherRange) {
  stored(4500);
  int wrong = 1;
  s3_.after = [&](const Call& call, Sent& sent) {
    if (call.part != 1000 || call.number > wrong) return;
    for (http::Header& header : sent->headers) {
      if (header.name == "Content-Range") header.value = "bytes 0-999/4500";
    }
  };
  ASSERT_TRUE(download());
  EXPECT_EQ(slurp(file_), content_);
  fs::remove(file_);
  wrong = 100;
  EXPECT_EQ(failure().code, "E430");
}

TEST_F(Downloading, EndsWhenItIsCancelled) {
  std::stop_source source;
  options_.stop = source.get_token();
  s3_.before = [&](const Call& call) -> std::optional<Sent> {
    if (call.part == 2000) source.request_stop();
    return std::nullopt;
  };
  stored(4500);
  EXPECT_EQ(failure().exit, ExitCode::interrupted);
}

TEST_F(Downloading, SaysThatTheDiskIsFull) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 300;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  for (const std::size_t size : {500, 4500}) {
    stored(size);
    fs::remove(file_);
    const Error error = failure();
    EXPECT_EQ(error.code, "E900");
    EXPECT_THAT(error.message, HasSubstr("EFBIG"));
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
}

TEST_F(Downloading, NeedsAPlaceForTheFile) {
  stored(500);
  EXPECT_EQ(download_file(*client_, object_, folder_ / "none/file", options_).error().code, "E900");
  fs::create_directory(file_);
  EXPECT_EQ(download().error().code, "E900");
  EXPECT_THAT(left(), ElementsAre("file"));
}

TEST_F(Downloading, TextIsBounded) {
  stored(500);
  EXPECT_EQ(download_text(*client_, object_, 500).value(), content_);
  EXPECT_EQ(download_text(*client_, object_, 499).error().code, "E901");
  s3_.spoil = [](const Call& call, std::string& bytes) {
    if (call.number < 5) bytes.resize(100);
    return call.number >= 5;
  };
  EXPECT_EQ(download_text(*client_, object_, 500).value(), content_);
  s3_.spoil = [](const Call&, std::string& bytes) { return ++bytes[0], true; };
  EXPECT_EQ(download_text(*client_, object_, 500).error().code, "E441");
}

}  // namespace
}  // namespace smflow::s3
