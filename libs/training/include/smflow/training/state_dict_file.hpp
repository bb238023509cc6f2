#pragma once

#include <filesystem>
#include <span>

#include <smflow/base/error.hpp>
#include <smflow/training/tensor_bytes.hpp>

namespace smflow::training {

// Writes what Python's torch.save({name: tensor, ...}) writes, so that torch.load reads it, also with
// weights_only=True, and load_state_dict takes it: a plain dict pickled with protocol 2, one record a tensor, in the
// zip of libtorch. Whole or not at all. (torch::pickle_save writes types that the safe loader refuses.)
Result<void> write_state_dict(const std::filesystem::path& file, std::span<const TensorBytes> tensors);

}  // namespace smflow::training
