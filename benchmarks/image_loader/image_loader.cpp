#include "../cpu_seconds.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <span>
#include <string>

#include <fmt/format.h>

#include <smflow/base/sha256.hpp>
#include <smflow/images/folder.hpp>
#include <smflow/images/loader.hpp>

// image_loader FOLDER hash                 "<sha256 of all floats in order> <pictures>"
// image_loader FOLDER time EPOCHS [CACHE]  "<pictures> <wall s> <CPU s> <from cache>" of EPOCHS epochs without workers;
// with a cache an epoch before them fills it.
namespace {

using smflow::images::Batch;
using smflow::images::BatchLoader;

smflow::Result<void> epoch(BatchLoader& loader, std::uint64_t number, smflow::Sha256* digest) {
  loader.start_epoch(number);
  while (true) {
    const auto batch = loader.next();
    if (!batch) return tl::unexpected(batch.error());
    if (*batch == nullptr) return {};
    if (digest == nullptr) continue;
    const auto floats = static_cast<std::size_t>((*batch)->count * 3 * 64 * 64);
    digest->update({reinterpret_cast<const char*>((*batch)->pixels), floats * sizeof(float)});
  }
}

std::string hash(BatchLoader& loader) {
  smflow::Sha256 digest;
  value_or_throw(epoch(loader, 0, &digest));
  if (!loader.unreadable().empty()) throw std::runtime_error(loader.unreadable().front().path + " cannot be read");
  return fmt::format("{} {}", digest.hex_digest(), loader.counters().images);
}

std::string time(BatchLoader& loader, std::uint64_t epochs, bool cached) {
  if (cached) value_or_throw(epoch(loader, 0, nullptr));
  if (!loader.cache_note().empty()) throw std::runtime_error(loader.cache_note());
  const auto before = loader.counters();
  const auto start = std::chrono::steady_clock::now();
  const double start_cpu = cpu_seconds();
  for (std::uint64_t number = 1; number <= epochs; ++number) value_or_throw(epoch(loader, number, nullptr));
  const double cpu = cpu_seconds() - start_cpu;
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto after = loader.counters();
  return fmt::format("{} {:.6f} {:.6f} {}", after.images - before.images, wall, cpu,
                     after.from_cache - before.from_cache);
}

std::string answer(std::span<char*> words) {
  smflow::images::LoaderOptions options;
  options.workers = 0;
  options.shuffle = false;
  if (words.size() > 3) options.cache_file = words[3];
  const auto loader =
      value_or_throw(BatchLoader::create(value_or_throw(smflow::images::list_image_folder(words[0])), options));
  if (words[1] == std::string("hash")) return hash(*loader);
  return time(*loader, std::stoul(words[2]), words.size() > 3);
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count < 3) throw std::runtime_error("usage: image_loader FOLDER hash | FOLDER time EPOCHS [CACHE]");
    fmt::print("{}\n", answer({words + 1, static_cast<std::size_t>(count - 1)}));
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "error: {}\n", problem.what());
    return 1;
  }
}
