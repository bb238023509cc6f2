#include "build_trace.hpp"

#include <cstdint>

namespace smflow::docker {

namespace {

// A field of a message: protobuf.dev/programming-guides/encoding.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;      // of a varint
  std::string_view bytes = {};  // of a text or a message
};

class Fields {
 public:
  explicit Fields(std::string_view rest) : rest_(rest) {}

  // None at the end, and where the bytes are wrong.
  std::optional<Field> next() {
    if (rest_.empty()) return std::nullopt;
    const auto key = varint();
    if (!key) return std::nullopt;
    Field field{.number = *key >> 3};
    if (!take(*key & 7, field)) return fail();
    return field;
  }
  bool well_formed() const { return well_formed_; }

 private:
  enum WireType : std::uint64_t { number = 0, eight_bytes = 1, length_delimited = 2, four_bytes = 5 };

  bool take(std::uint64_t type, Field& field) {
    if (type == number) {
      const auto value = varint();
      field.value = value.value_or(0);
      return value.has_value();
    }
    std::uint64_t size = type == eight_bytes ? 8 : 4;
    if (type == length_delimited) {
      const auto length = varint();
      if (!length) return false;
      size = *length;
    } else if (type != eight_bytes && type != four_bytes) {
      return false;
    }
    if (size > rest_.size()) return false;
    field.bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return std::nullopt;
  }

  std::nullopt_t fail() {
    well_formed_ = false;
    return std::nullopt;
  }

  std::string_view rest_;
  bool well_formed_ = true;
};

bool decode(std::string_view bytes, BuildTrace::Vertex& vertex) {
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    switch (field->number) {
      case 1:
        vertex.digest = field->bytes;
        break;
      case 3:
        vertex.name = field->bytes;
        break;
      case 4:
        vertex.cached = field->value != 0;
        break;
      case 5:
        vertex.started = true;
        break;
      case 7:
        vertex.error = field->bytes;
        break;
      default:
        break;
    }
  }
  return fields.well_formed();
}

bool decode(std::string_view bytes, BuildTrace::Output& output) {
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == 1) output.digest = field->bytes;
    if (field->number == 4) output.text = field->bytes;
  }
  return fields.well_formed();
}

}  // namespace

std::optional<BuildTrace> decode_build_trace(std::string_view bytes) {
  BuildTrace trace;
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    bool good = true;
    if (field->number == 1) good = decode(field->bytes, trace.vertexes.emplace_back());
    if (field->number == 3) good = decode(field->bytes, trace.outputs.emplace_back());
    if (!good) return std::nullopt;
  }
  if (!fields.well_formed()) return std::nullopt;
  return trace;
}

}  // namespace smflow::docker
