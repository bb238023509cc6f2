#include "picture_files.hpp"
#include "pixels.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <smflow/images/reader.hpp>

namespace {

std::atomic<std::size_t> largest_allocation{0};

void* counted_allocation(std::size_t size, std::align_val_t alignment) {
  std::size_t largest = largest_allocation;
  while (size > largest && !largest_allocation.compare_exchange_weak(largest, size)) {
  }
  const auto to = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(to, (size + to - 1) / to * to);
}

}  // namespace

// Every buffer of the readers is aligned, so this sees them all.
void* operator new(std::size_t size, std::align_val_t alignment) {
  void* memory = counted_allocation(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace smflow::images {
namespace {

std::string message_of(const std::filesystem::path& file) {
  ImageReader reader(8);
  std::vector<std::uint8_t> planar(planar_bytes(8));
  const auto read = reader.read(file, planar.data());
  if (read) return "";
  EXPECT_EQ(read.error().code, "E310");
  return read.error().message;
}

std::string golden(const char* name) {
  return test::slurp(std::filesystem::path(SMFLOW_SOURCE_DIR) / "tests/data/images/cases" / name);
}

// The size of a JPEG file in its frame header.
std::string with_jpeg_size(std::string file, int width, int height) {
  const std::size_t at = std::min(file.find("\xFF\xC0"), file.find("\xFF\xC2"));
  const char size[4] = {static_cast<char>(height >> 8), static_cast<char>(height), static_cast<char>(width >> 8),
                        static_cast<char>(width)};
  return file.replace(at + 5, 4, size, 4);
}

TEST(ImageReader, NamesWhatIsNoFile) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(message_of(folder / "none.png"), "cannot be read: no such file or directory (ENOENT)");
  EXPECT_EQ(message_of(folder.path()), "is not a regular file");
  ASSERT_EQ(::mkfifo((folder / "pipe.png").c_str(), 0600), 0);
  EXPECT_EQ(message_of(folder / "pipe.png"), "is not a regular file");
  EXPECT_EQ(message_of(folder.write("empty.png", "")), "is empty");
}

TEST(ImageReader, NamesTheFormatsItDoesNotRead) {
  using namespace std::string_literals;
  const test::TemporaryFolder folder;
  EXPECT_EQ(message_of(folder.write("a.webp", "RIFF\1\2\3\4WEBPVP8 ")), "is a WebP file; only JPEG and PNG are read");
  EXPECT_EQ(message_of(folder.write("b.png", "GIF89a")), "is a GIF file; only JPEG and PNG are read");
  EXPECT_EQ(message_of(folder.write("c.jpg",
                                    "\0\0\0\x18"
                                    "ftypheic"s)),
            "is a HEIC file; only JPEG and PNG are read");
  EXPECT_EQ(message_of(folder.write("d.jpg", "<!DOCTYPE html>")), "is an HTML file; only JPEG and PNG are read");
  EXPECT_EQ(message_of(folder.write("e.jpg", "hello")), "is neither a JPEG nor a PNG file");
}

TEST(ImageReader, AHugeHeaderAllocatesNothing) {
  const test::TemporaryFolder folder;
  const std::string progressive = golden("jpeg_progressive.jpg");
  const auto huge_jpeg = folder.write("huge.jpg", with_jpeg_size(progressive, 60000, 60000));
  const auto large_jpeg = folder.write("large.jpg", with_jpeg_size(progressive, 12000, 12000));
  ImageReader reader(8);
  std::vector<std::uint8_t> planar(planar_bytes(8));
  largest_allocation = 0;
  EXPECT_EQ(reader.read(huge_jpeg, planar.data()).error().message, "is too large: 60000 x 60000 pixels");
  EXPECT_EQ(reader.read(large_jpeg, planar.data()).error().message,
            "is cut short: 12000 x 12000 pixels do not fit into its size");
  const auto cases = std::filesystem::path(SMFLOW_SOURCE_DIR) / "tests/data/images/cases";
  EXPECT_EQ(reader.read(cases / "bad_png_huge.png", planar.data()).error().message,
            "is too large: 30000 x 30000 pixels");
  EXPECT_GT(largest_allocation, 0u);
  EXPECT_LT(largest_allocation, 1u << 20);
}

TEST(ImageReader, IsTheSameForAFileAndItsBytes) {
  const test::TemporaryFolder folder;
  const std::string content = test_files::picture(4);
  ImageReader reader(8);
  std::vector<std::uint8_t> from_file(planar_bytes(8));
  std::vector<std::uint8_t> from_bytes(planar_bytes(8));
  ASSERT_TRUE(reader.read(folder.write("a.jpg", content), from_file.data()));
  const std::vector<std::uint8_t> bytes(content.begin(), content.end());
  ASSERT_TRUE(reader.decode(bytes, from_bytes.data()));
  EXPECT_EQ(from_file, from_bytes);
}

TEST(ImageReader, ManySizesDoNotMixUp) {
  // More sizes than the reader keeps tables for, twice each.
  ImageReader reader(8);
  std::vector<std::vector<std::uint8_t>> first;
  for (int round = 0; round < 2; ++round) {
    for (int width = 8; width < 100; ++width) {
      const std::string content = test_files::picture(width, width, 120 - width);
      const std::vector<std::uint8_t> bytes(content.begin(), content.end());
      std::vector<std::uint8_t> planar(planar_bytes(8));
      ASSERT_TRUE(reader.decode(bytes, planar.data()));
      if (round == 0) first.push_back(planar);
      EXPECT_EQ(planar, first[static_cast<std::size_t>(width - 8)]);
    }
  }
}

}  // namespace
}  // namespace smflow::images
