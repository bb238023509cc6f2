#include "picture_files.hpp"

#include "pixels.hpp"

#include <cstring>

#include <gtest/gtest.h>

#include <smflow/images/png_writer.hpp>

namespace smflow::images::test_files {

std::string picture(int number, int width, int height) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * width * height));
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] =
        static_cast<std::uint8_t>(static_cast<std::size_t>(number * 71) + i * static_cast<std::size_t>(number + 3));
  }
  return value_or_throw(encode_png(width, height, pixels));
}

ImageFolder make_tree(const test::TemporaryFolder& folder, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string name = std::string(1, "abc"[i * 3 / count]) + "/" + std::to_string(1000 + i) + ".png";
    folder.write(name, picture(i));
  }
  return value_or_throw(list_image_folder(folder.path()));
}

namespace {

std::uint64_t hash_of(const Batch& batch, int size) {
  std::uint64_t hash = 0xCBF29CE484222325;
  const std::size_t floats = static_cast<std::size_t>(batch.count) * planar_bytes(size);
  for (std::size_t i = 0; i < floats; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, batch.pixels + i, 4);
    hash = (hash ^ bits) * 0x100000001B3;
  }
  return hash;
}

}  // namespace

Epoch run_epoch(BatchLoader& loader, std::uint64_t epoch, std::int64_t first_batch) {
  Epoch run;
  loader.start_epoch(epoch, first_batch);
  std::int64_t number = first_batch;
  for (;;) {
    const Batch* batch = value_or_throw(loader.next());
    if (batch == nullptr) return run;
    EXPECT_EQ(batch->number, number++);
    run.pixels.push_back(hash_of(*batch, small_options().image_size));
    run.labels.insert(run.labels.end(), batch->labels.begin(), batch->labels.end());
    run.indices.insert(run.indices.end(), batch->indices.begin(), batch->indices.end());
  }
}

std::unique_ptr<BatchLoader> make_loader(ImageFolder folder, LoaderOptions options) {
  return value_or_throw(BatchLoader::create(std::move(folder), std::move(options)));
}

LoaderOptions small_options() {
  LoaderOptions options;
  options.image_size = 8;
  options.batch_size = 5;
  options.workers = 2;
  options.seed = 11;
  options.horizontal_flip = true;
  return options;
}

}  // namespace smflow::images::test_files
