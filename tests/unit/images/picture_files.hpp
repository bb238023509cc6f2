#pragma once

#include "support/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <smflow/images/folder.hpp>
#include <smflow/images/loader.hpp>

namespace smflow::images::test_files {

// A small PNG file, different for every number.
std::string picture(int number, int width = 21, int height = 17);

// root/<a|b|c>/NNN.png, `count` files in all.
ImageFolder make_tree(const test::TemporaryFolder& folder, int count);

// What one epoch gives: everything that may not depend on threads, cache or resuming.
struct Epoch {
  std::vector<std::uint64_t> pixels;  // a hash of each batch
  std::vector<std::int64_t> labels;
  std::vector<std::int64_t> indices;

  bool operator==(const Epoch&) const = default;
};
Epoch run_epoch(BatchLoader& loader, std::uint64_t epoch, std::int64_t first_batch = 0);

std::unique_ptr<BatchLoader> make_loader(ImageFolder folder, LoaderOptions options);

// Small pictures and batches.
LoaderOptions small_options();

}  // namespace smflow::images::test_files
