#pragma once

#include <span>
#include <string>

#include <smflow/training/tensor_bytes.hpp>

namespace smflow::training {

// The pickle of {name: tensor}, where tensor i is rebuilt from the storage with key "i". Only opcodes and names that
// the safe loaders of PyTorch 1.13 and later accept.
std::string state_dict_pickle(std::span<const TensorBytes> tensors);

}  // namespace smflow::training
