#include "smflow/training/checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <smflow/training/crc32c.hpp>

namespace smflow::training {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view format_name = "smflow.checkpoint/1";
constexpr std::string_view name_begin = "checkpoint-", name_end = ".safetensors";
constexpr std::size_t kept = 2;

// In the order in which write_safetensors lays the tensors down, which the reader gives back.
std::string checksum(std::string_view data) {
  return fmt::format("{:08x}", crc32c(data));
}

bool is_checkpoint_name(std::string_view name) {
  if (!name.starts_with(name_begin) || !name.ends_with(name_end)) return false;
  name.remove_prefix(name_begin.size());
  name.remove_suffix(name_end.size());
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Newest first: the numbers have leading zeros.
std::vector<fs::path> checkpoint_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    if (is_checkpoint_name(entry->path().filename().string())) files.push_back(entry->path());
  }
  std::sort(files.rbegin(), files.rend());
  return files;
}

std::optional<std::int64_t> number(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return std::nullopt;
  std::int64_t value = 0;
  const std::string& text = found->second;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || stop != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<Position> position_of(const Metadata& metadata) {
  const auto step = number(metadata, "step"), epoch = number(metadata, "epoch"), batch = number(metadata, "batch");
  if (!step || !epoch || !batch) return std::nullopt;
  return Position{*step, *epoch, *batch};
}

std::string text(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string{} : found->second;
}

// Why the file cannot be used although it is well formed; empty when it can.
std::string damage(const SafetensorsFile& file) {
  if (text(file.metadata(), "format") != format_name) return fmt::format("it is not of the format {}", format_name);
  if (!position_of(file.metadata())) return "it does not say how far the training had come";
  if (text(file.metadata(), "crc32c") != checksum(file.data())) return "its checksum is wrong";
  return {};
}

Metadata metadata_of(const Position& position, const std::string& configuration) {
  return {{"format", std::string(format_name)},
          {"configuration", configuration},
          {"step", std::to_string(position.step)},
          {"epoch", std::to_string(position.epoch)},
          {"batch", std::to_string(position.batch)}};
}

}  // namespace

Result<fs::path> CheckpointFolder::save(const Position& position, const NamedTensors& tensors) const {
  const DenseTensors state = dense(tensors);
  std::vector<TensorBytes> ordered = state.bytes;
  sort_for_safetensors(ordered);
  std::uint32_t crc = 0;
  for (const TensorBytes& tensor : ordered) crc = crc32c(tensor.bytes, crc);
  Metadata metadata = metadata_of(position, configuration_);
  metadata["crc32c"] = fmt::format("{:08x}", crc);

  std::error_code shown_by_write;
  fs::create_directories(folder_, shown_by_write);
  const fs::path file = folder_ / fmt::format("{}{:010}{}", name_begin, position.step, name_end);
  if (auto done = write_safetensors(file, std::move(ordered), metadata); !done) return tl::unexpected(done.error());
  const auto files = checkpoint_files(folder_);
  for (std::size_t i = kept; i < files.size(); ++i) {
    std::error_code ignored;
    fs::remove(files[i], ignored);
  }
  return file;
}

Result<std::optional<RestoredCheckpoint>> CheckpointFolder::restore(const NamedTensors& tensors,
                                                                    std::vector<std::string>& notes) const {
  for (const fs::path& path : checkpoint_files(folder_)) {
    const auto file = SafetensorsFile::read(path);
    const std::string why = file ? damage(*file) : file.error().message;
    if (!why.empty()) {
      notes.push_back(fmt::format("checkpoint '{}' is passed over: {}", path.string(), why));
      continue;
    }
    if (text(file->metadata(), "configuration") != configuration_) {
      return tl::unexpected(
          Error{.code = "E335",
                .exit = ExitCode::conflict,
                .message = fmt::format("checkpoint '{}' was made with another configuration", path.string()),
                .fix = "use the configuration it was made with, or another output folder"});
    }
    if (auto done = copy_into(tensors, *file, path.string()); !done) return tl::unexpected(done.error());
    return RestoredCheckpoint{*position_of(file->metadata()), path};
  }
  return std::nullopt;
}

}  // namespace smflow::training
