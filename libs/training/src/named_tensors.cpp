#include "smflow/training/named_tensors.hpp"

#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <torch/torch.h>

#include <smflow/training/state_dict_file.hpp>

namespace smflow::training {

namespace {

constexpr std::array<std::pair<ElementType, at::ScalarType>, 10> scalar_types = {{
    {ElementType::float64, at::kDouble},
    {ElementType::float32, at::kFloat},
    {ElementType::float16, at::kHalf},
    {ElementType::bfloat16, at::kBFloat16},
    {ElementType::int64, at::kLong},
    {ElementType::int32, at::kInt},
    {ElementType::int16, at::kShort},
    {ElementType::int8, at::kChar},
    {ElementType::uint8, at::kByte},
    {ElementType::boolean, at::kBool},
}};

ElementType element_type_of(const at::Tensor& tensor) {
  for (const auto& [element, scalar] : scalar_types) {
    if (scalar == tensor.scalar_type()) return element;
  }
  throw std::invalid_argument(fmt::format("no file format for tensors of type {}", at::toString(tensor.scalar_type())));
}

void add_state(const torch::nn::Module& module, const std::string& prefix, NamedTensors& tensors) {
  for (const auto& entry : module.named_parameters(false)) tensors.emplace_back(prefix + entry.key(), entry.value());
  for (const auto& entry : module.named_buffers(false)) tensors.emplace_back(prefix + entry.key(), entry.value());
  for (const auto& child : module.named_children()) add_state(*child.value(), prefix + child.key() + ".", tensors);
}

std::string mismatch(const at::Tensor& tensor, const TensorBytes* found) {
  if (found == nullptr) return "is missing";
  if (found->type != element_type_of(tensor)) return "has another element type";
  if (found->shape != tensor.sizes().vec()) {
    return fmt::format("has shape [{}], not [{}]", fmt::join(found->shape, ", "),
                       fmt::join(tensor.sizes().vec(), ", "));
  }
  return {};
}

}  // namespace

NamedTensors state_of(const torch::nn::Module& module, const std::string& prefix) {
  NamedTensors tensors;
  add_state(module, prefix, tensors);
  return tensors;
}

DenseTensors dense(const NamedTensors& tensors) {
  DenseTensors result;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor owner = tensor.detach().cpu().contiguous();
    const auto size = static_cast<std::size_t>(owner.numel()) * owner.element_size();
    result.bytes.push_back({name, element_type_of(owner), owner.sizes().vec(),
                            std::string_view(static_cast<const char*>(owner.data_ptr()), size)});
    result.owners.push_back(owner);
  }
  return result;
}

Result<void> copy_into(const NamedTensors& tensors, const SafetensorsFile& file, std::string_view file_name) {
  for (const auto& [name, tensor] : tensors) {
    const std::string why = mismatch(tensor, file.find(name));
    if (why.empty()) continue;
    return tl::unexpected(Error{.code = "E334",
                                .exit = ExitCode::configuration,
                                .message = fmt::format("tensor '{}' of '{}' {}", name, file_name, why),
                                .fix = "use the configuration that the file was made with"});
  }
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor owner =
        at::empty(tensor.sizes(), tensor.options().device(at::kCPU).memory_format(at::MemoryFormat::Contiguous));
    const TensorBytes& source = *file.find(name);
    if (!source.bytes.empty()) std::memcpy(owner.data_ptr(), source.bytes.data(), source.bytes.size());
    tensor.detach().copy_(owner);
  }
  return {};
}

Result<void> write_weights(const std::filesystem::path& folder, const std::string& stem,
                           const torch::nn::Module& module, const Metadata& metadata) {
  const DenseTensors state = dense(state_of(module));
  if (auto done = write_state_dict(folder / (stem + ".pt"), state.bytes); !done) return done;
  return write_safetensors(folder / (stem + ".safetensors"), state.bytes, metadata);
}

}  // namespace smflow::training
