#include "state_dict_pickle.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace smflow::training {

namespace {

// Opcodes of Python's Lib/pickletools.py, protocol 2.
constexpr std::string_view protocol_2 = "\x80\x02";
constexpr char empty_dict = '}', mark = '(', set_items = 'u', stop = '.', tuple = 't', reduce = 'R';
constexpr char empty_tuple = ')', persistent_id = 'Q', global = 'c', unicode = 'X';
constexpr char int_1_byte = 'K', int_2_bytes = 'M', int_4_bytes = 'J';
constexpr std::string_view long_8_bytes = "\x8a\x08";
constexpr char new_false = '\x89';

class Pickle {
 public:
  Pickle& op(char opcode) {
    bytes_.push_back(opcode);
    return *this;
  }
  Pickle& op(std::string_view opcodes) {
    bytes_.append(opcodes);
    return *this;
  }
  Pickle& text(std::string_view value) { return op(unicode).little_endian(value.size(), 4).op(value); }
  Pickle& name(std::string_view module, std::string_view attribute) {
    return op(global).op(module).op('\n').op(attribute).op('\n');
  }
  Pickle& number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= 0 && value < 1 << 8) return op(int_1_byte).little_endian(bits, 1);
    if (value >= 0 && value < 1 << 16) return op(int_2_bytes).little_endian(bits, 2);
    if (value >= -(1ll << 31) && value < 1ll << 31) return op(int_4_bytes).little_endian(bits, 4);
    return op(long_8_bytes).little_endian(bits, 8);
  }
  Pickle& numbers(const std::vector<std::int64_t>& values) {
    op(mark);
    for (const std::int64_t value : values) number(value);
    return op(tuple);
  }
  std::string take() { return std::move(bytes_); }

 private:
  Pickle& little_endian(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  std::string bytes_;
};

constexpr std::string_view storage_class(ElementType type) {
  switch (type) {
    case ElementType::float64:
      return "DoubleStorage";
    case ElementType::float32:
      return "FloatStorage";
    case ElementType::float16:
      return "HalfStorage";
    case ElementType::bfloat16:
      return "BFloat16Storage";
    case ElementType::int64:
      return "LongStorage";
    case ElementType::int32:
      return "IntStorage";
    case ElementType::int16:
      return "ShortStorage";
    case ElementType::int8:
      return "CharStorage";
    case ElementType::uint8:
      return "ByteStorage";
    case ElementType::boolean:
      return "BoolStorage";
  }
  return {};
}

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * std::max<std::int64_t>(shape[i], 1);
  return strides;
}

void add_tensor(Pickle& pickle, const TensorBytes& tensor, std::size_t key) {
  const auto elements = static_cast<std::int64_t>(tensor.bytes.size() / element_size(tensor.type));
  pickle.name("torch._utils", "_rebuild_tensor_v2").op(mark);
  pickle.op(mark).text("storage").name("torch", storage_class(tensor.type));
  pickle.text(fmt::format("{}", key)).text("cpu").number(elements).op(tuple).op(persistent_id);
  pickle.number(0).numbers(tensor.shape).numbers(row_major_strides(tensor.shape));
  pickle.op(new_false).name("collections", "OrderedDict").op(empty_tuple).op(reduce);
  pickle.op(tuple).op(reduce);
}

}  // namespace

std::string state_dict_pickle(std::span<const TensorBytes> tensors) {
  Pickle pickle;
  pickle.op(protocol_2).op(empty_dict).op(mark);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    pickle.text(tensors[i].name);
    add_tensor(pickle, tensors[i], i);
  }
  return pickle.op(set_items).op(stop).take();
}

}  // namespace smflow::training
