// Any bytes as an archive: whatever it says, nothing appears outside the folder it is extracted into.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <string_view>

#include <smflow/base/files.hpp>
#include <smflow/storage/archive.hpp>

namespace fs = std::filesystem;

namespace {

std::size_t count_entries(const fs::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder)) ++count;
  return count;
}

constexpr std::size_t block = 512;

// Every block that may be a tar header gets the checksum its bytes have: a reader refuses all others at once.
void seal_headers(std::uint8_t* data, std::size_t size) {
  constexpr std::size_t magic = 257, checksum = 148, checksum_length = 8;
  for (std::uint8_t* header = data; header + block <= data + size; header += block) {
    if (std::memcmp(header + magic, "ustar", 5) != 0) continue;
    std::memset(header + checksum, ' ', checksum_length);
    const unsigned sum = std::accumulate(header, header + block, 0u);
    std::snprintf(reinterpret_cast<char*>(header + checksum), checksum_length, "%06o", sum);
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t largest);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t largest, unsigned) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, largest);
  seal_headers(data, mutated);
  return mutated;
}

namespace {

// From anybody, or left by a container of our own, whose links may point anywhere.
void extract(std::string_view bytes, bool as_left) {
  const auto directory = smflow::TemporaryDirectory::create(fs::temp_directory_path(), "smflow-fuzz-");
  if (!directory) return;
  const fs::path archive = directory->path() / "archive";
  if (!smflow::write_file(archive, bytes)) return;
  const fs::path folder = directory->path() / "out";
  const auto report =
      smflow::storage::extract_archive(archive, folder, {.bytes = 1 << 20, .entries = 100, .as_left = as_left});
  const std::size_t expected = report || fs::exists(folder) ? 2 : 1;
  if (count_entries(directory->path()) == expected) return;
  std::cerr << "something is beside the folder\n";
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const bool as_left : {false, true}) extract({reinterpret_cast<const char*>(data), size}, as_left);
  return 0;
}
