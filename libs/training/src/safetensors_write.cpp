#include "safetensors_types.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/training/safetensors.hpp>

namespace smflow::training {

namespace {

constexpr std::size_t alignment = 8;

bool lies_before(const TensorBytes& a, const TensorBytes& b) {
  const std::size_t size_a = element_size(a.type), size_b = element_size(b.type);
  return size_a != size_b ? size_a > size_b : a.name < b.name;
}

std::string header_text(const std::vector<TensorBytes>& tensors, const Metadata& metadata) {
  OrderedJson header = OrderedJson::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const TensorBytes& tensor : tensors) {
    OrderedJson& entry = header[tensor.name];
    entry["dtype"] = safetensors_name(tensor.type);
    entry["shape"] = tensor.shape;
    entry["data_offsets"] = {offset, offset + tensor.bytes.size()};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + alignment - 1) / alignment * alignment, ' ');
  return text;
}

std::string length_bytes(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(length >> (8 * i)));
  return bytes;
}

}  // namespace

void sort_for_safetensors(std::vector<TensorBytes>& tensors) {
  std::sort(tensors.begin(), tensors.end(), lies_before);
}

Result<void> write_safetensors(const std::filesystem::path& file, std::vector<TensorBytes> tensors,
                               const Metadata& metadata) {
  sort_for_safetensors(tensors);
  const std::string header = header_text(tensors, metadata);
  auto out = AtomicFile::create(file);
  if (!out) return tl::unexpected(out.error());
  if (auto done = out->write(length_bytes(header.size())); !done) return done;
  if (auto done = out->write(header); !done) return done;
  for (const TensorBytes& tensor : tensors) {
    if (auto done = out->write(tensor.bytes); !done) return done;
  }
  return out->commit();
}

}  // namespace smflow::training
