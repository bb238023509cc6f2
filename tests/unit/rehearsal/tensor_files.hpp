#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <smflow/base/json.hpp>

namespace smflow::rehearsal {

struct StoredTensor {
  std::string name;
  std::string type;
  std::string bytes;
};

template <class Value>
std::string bytes_of(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

// A .safetensors file with these, in their order.
inline std::string tensor_file(const std::vector<StoredTensor>& tensors) {
  OrderedJson header{{"__metadata__", {{"step", "1"}}}};
  std::string data;
  for (const StoredTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", tensor.type},
                           {"shape", {tensor.bytes.size()}},
                           {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  const std::string text = header.dump();
  return bytes_of(std::vector<std::uint64_t>{text.size()}) + text + data;
}

}  // namespace smflow::rehearsal
