#pragma once

#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

#include <smflow/base/error.hpp>
#include <smflow/training/safetensors.hpp>
#include <smflow/training/tensor_bytes.hpp>

namespace torch::nn {
class Module;
}

namespace smflow::training {

// Tensors that are part of something live: a copy of the list shares their memory.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// Parameters and buffers with the names and in the order of Python's state_dict(), each name after `prefix`.
NamedTensors state_of(const torch::nn::Module& module, const std::string& prefix = {});

// The tensors as dense row-major bytes, and what owns these.
struct DenseTensors {
  std::vector<at::Tensor> owners;
  std::vector<TensorBytes> bytes;
};
DenseTensors dense(const NamedTensors& tensors);

// Copies the file's tensors into `tensors`, in place. Nothing is copied unless every tensor is there with the same
// shape and element type; E334 names the first that is not. Tensors of the file that nobody asked for are left out.
Result<void> copy_into(const NamedTensors& tensors, const SafetensorsFile& file, std::string_view file_name);

// Writes <folder>/<stem>.pt and <folder>/<stem>.safetensors with the module's state_dict.
Result<void> write_weights(const std::filesystem::path& folder, const std::string& stem,
                           const torch::nn::Module& module, const Metadata& metadata);

}  // namespace smflow::training
