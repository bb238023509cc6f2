// Any bytes as an archive: whatever it says, nothing appears outside the folder it is extracted into.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto directory = smflow::TemporaryDirectory::create(fs::temp_directory_path(), "smflow-fuzz-");
  if (!directory) return 0;
  const fs::path archive = directory->path() / "archive";
  if (!smflow::write_file(archive, {reinterpret_cast<const char*>(data), size})) return 0;
  const fs::path folder = directory->path() / "out";
  const auto report = smflow::storage::extract_archive(archive, folder, {.bytes = 1 << 20, .entries = 100});
  const std::size_t expected = report || fs::exists(folder) ? 2 : 1;
  if (count_entries(directory->path()) == expected) return 0;
  std::cerr << "something is beside the folder\n";
  std::abort();
}
