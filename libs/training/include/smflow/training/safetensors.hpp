#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/training/tensor_bytes.hpp>

// The safetensors format: u64 length, JSON header, raw data (github.com/huggingface/safetensors, "Format"). No code is
// ever run by reading one.
namespace smflow::training {

using Metadata = std::map<std::string, std::string>;

// Writes the file whole or not at all. Tensors lie by element size, largest first, then by name, so that each is
// aligned. Names must be valid UTF-8 and differ.
Result<void> write_safetensors(const std::filesystem::path& file, std::vector<TensorBytes> tensors,
                               const Metadata& metadata);

// The order in which write_safetensors lays tensors down.
void sort_for_safetensors(std::vector<TensorBytes>& tensors);

// A file read into memory; the tensors point into it.
class SafetensorsFile {
 public:
  // Error E332 for anything that the format forbids: a header longer than the file, overlaps, holes, a shape that does
  // not fit its range, a tensor given twice, an unknown element type.
  static Result<SafetensorsFile> read(const std::filesystem::path& file);
  SafetensorsFile(SafetensorsFile&&) noexcept = default;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept = default;

  const Metadata& metadata() const { return metadata_; }
  const std::vector<TensorBytes>& tensors() const { return tensors_; }  // in the order of their data
  const TensorBytes* find(std::string_view name) const;
  std::string_view data() const;  // all of it

 private:
  SafetensorsFile() = default;
  std::vector<char> bytes_;  // not a string: a short one would move its bytes with the object
  std::size_t data_begin_ = 0;
  Metadata metadata_;
  std::vector<TensorBytes> tensors_;
};

}  // namespace smflow::training
