#include "pixels.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <smflow/images/reader.hpp>

namespace smflow::images {
namespace {

namespace fs = std::filesystem;

// tests/data/images/make_golden.py made these with Pillow and torchvision.
struct Case {
  std::string name;
  int size = 0;
  std::string outcome;

  fs::path file() const { return fs::path(SMFLOW_SOURCE_DIR) / "tests/data/images/cases" / name; }
  std::string expected() const { return test::slurp(file().replace_extension(".rgb")); }
  bool good() const { return outcome == "ok"; }
};

std::vector<Case> cases(std::string_view prefix) {
  std::ifstream manifest(fs::path(SMFLOW_SOURCE_DIR) / "tests/data/images/cases/manifest.txt");
  std::vector<Case> found;
  Case one;
  while (manifest >> one.name >> one.size && std::getline(manifest >> std::ws, one.outcome)) {
    if (one.name.starts_with(prefix)) found.push_back(one);
  }
  return found;
}

struct Expected {
  const char* prefix;
  std::size_t count;  // so that a lost manifest cannot pass
};

class ImageGolden : public testing::TestWithParam<Expected> {};

TEST_P(ImageGolden, BytesAreThoseOfPillow) {
  const std::vector<Case> all = cases(GetParam().prefix);
  ASSERT_EQ(all.size(), GetParam().count);
  for (const Case& one : all) {
    SCOPED_TRACE(one.name);
    ImageReader reader(one.size);
    std::string bytes(planar_bytes(one.size), '\0');
    const auto read = reader.read(one.file(), reinterpret_cast<std::uint8_t*>(bytes.data()));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(bytes == one.expected()) << "the bytes differ";
    EXPECT_EQ(read->damaged, one.name == "jpeg_damaged_middle.jpg");
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ImageGolden,
                         testing::Values(Expected{"size_", 11}, Expected{"jpeg_", 15}, Expected{"png_", 61}),
                         [](const auto& one) { return std::string(one.param.prefix, 3); });

TEST(ImageGoldenBroken, FilesThatPillowRefusesAreNamedByTheirFault) {
  const std::vector<Case> all = cases("bad_");
  ASSERT_EQ(all.size(), 18u);
  ImageReader reader(8);
  std::vector<std::uint8_t> bytes(planar_bytes(8));
  for (const Case& one : all) {
    SCOPED_TRACE(one.name);
    const auto read = reader.read(one.file(), bytes.data());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "E310");
    EXPECT_NE(read.error().message.find(one.outcome), std::string::npos) << read.error().message;
  }
}

TEST(ImageGoldenBroken, AReaderReadsOnAfterEveryFailure) {
  const Case good = cases("jpeg_420").front();
  ImageReader reader(good.size);
  for (const Case& one : cases("bad_")) {
    std::string bytes(planar_bytes(good.size), '\0');
    auto* out = reinterpret_cast<std::uint8_t*>(bytes.data());
    ASSERT_FALSE(reader.read(one.file(), out));
    ASSERT_TRUE(reader.read(good.file(), out)) << "after " << one.name;
    EXPECT_TRUE(bytes == good.expected()) << "after " << one.name;
  }
}

// Cut files: refused, or, where only bytes behind the pixels are missing, read with the same bytes.
TEST(ImageGoldenBroken, FilesCutAnywhereAreRefusedOrReadInFull) {
  for (const Case& one : cases("")) {
    if (!one.good()) continue;
    const std::string content = test::slurp(one.file());
    const std::string expected = one.expected();
    ImageReader reader(one.size);
    std::string bytes(planar_bytes(one.size), '\0');
    int refused = 0;
    for (std::size_t length = 0; length < content.size(); length += 97) {
      const std::vector<std::uint8_t> cut(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(length));
      const auto read = reader.decode(cut, reinterpret_cast<std::uint8_t*>(bytes.data()));
      if (!read) ++refused;
      EXPECT_TRUE(!read || bytes == expected) << one.name << " cut at " << length;
    }
    EXPECT_GE(refused, 1) << one.name;
  }
}

}  // namespace
}  // namespace smflow::images
