#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include <smflow/base/files.hpp>
#include <smflow/rehearsal/model_files.hpp>

namespace smflow::rehearsal {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t tensors_limit = 2ull << 30;  // both files are held in memory

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (!at->is_directory()) files.insert(at->path().lexically_relative(folder).string());
  }
  return files;
}

Result<bool> same_bytes(const fs::path& one, const fs::path& other) {
  std::ifstream first(one, std::ios::binary);
  std::ifstream second(other, std::ios::binary);
  std::vector<char> mine(1 << 20);
  std::vector<char> others(1 << 20);
  while (first && second) {
    first.read(mine.data(), static_cast<std::streamsize>(mine.size()));
    second.read(others.data(), static_cast<std::streamsize>(others.size()));
    const auto count = first.gcount();
    if (count != second.gcount() || !std::equal(mine.begin(), mine.begin() + count, others.begin())) return false;
  }
  for (const auto& [stream, file] : {std::pair(&first, &one), std::pair(&second, &other)}) {
    if (!stream->eof()) return tl::unexpected(system_error("cannot read '" + file->string() + "'", errno));
  }
  return true;
}

std::optional<TensorDifference> tensors_of(const fs::path& one, const fs::path& other) {
  if (one.extension() != ".safetensors") return std::nullopt;
  const auto mine = read_file(one, tensors_limit);
  const auto others = read_file(other, tensors_limit);
  return mine && others ? largest_difference(*mine, *others) : std::nullopt;
}

}  // namespace

const char* to_string(FileDifference::Kind kind) {
  static constexpr std::array<const char*, 3> names{"only_in_reference", "only_in_rehearsed", "content"};
  return names[static_cast<std::size_t>(kind)];
}

Result<ModelComparison> compare_model_files(const fs::path& reference, const fs::path& rehearsed) {
  using Kind = FileDifference::Kind;
  ModelComparison comparison;
  const std::set<std::string> others = files_below(rehearsed);
  const std::set<std::string> files = files_below(reference);
  for (const std::string& file : files) {
    if (!others.contains(file)) {
      comparison.differences.push_back({file, Kind::only_in_reference});
      continue;
    }
    ++comparison.files;
    const auto same = same_bytes(reference / file, rehearsed / file);
    if (!same) return tl::unexpected(same.error());
    if (!*same) {
      comparison.differences.push_back({file, Kind::content, tensors_of(reference / file, rehearsed / file)});
    }
  }
  for (const std::string& file : others) {
    if (!files.contains(file)) comparison.differences.push_back({file, Kind::only_in_rehearsed});
  }
  return comparison;
}

}  // namespace smflow::rehearsal
