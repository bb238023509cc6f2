#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::rehearsal {

struct TensorDifference {
  std::string tensor;
  double largest = 0;  // of |a - b|; infinite where only one is a number
};

struct FileDifference {
  enum class Kind { only_in_reference, only_in_rehearsed, content };
  std::string path;
  Kind kind = Kind::content;
  std::optional<TensorDifference> tensor = {};  // where both are .safetensors with the same tensors
};
const char* to_string(FileDifference::Kind kind);

struct ModelComparison {
  std::size_t files = 0;  // of both
  std::vector<FileDifference> differences = {};
};

// Two folders, file by file, byte for byte.
Result<ModelComparison> compare_model_files(const std::filesystem::path& reference,
                                            const std::filesystem::path& rehearsed);

// Between the tensors of two .safetensors files in memory that hold the same names, types and shapes; nothing
// otherwise, or when no tensor of numbers with a point differs.
std::optional<TensorDifference> largest_difference(std::string_view one, std::string_view other);

}  // namespace smflow::rehearsal
