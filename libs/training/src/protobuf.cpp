#include "protobuf.hpp"

#include <bit>

namespace smflow::training {

namespace {
constexpr unsigned varint_type = 0, fixed64_type = 1, length_type = 2, fixed32_type = 5;
}

ProtobufMessage& ProtobufMessage::integer(int field, std::int64_t value) {
  key(field, varint_type);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::real64(int field, double value) {
  key(field, fixed64_type);
  little_endian(std::bit_cast<std::uint64_t>(value), 8);
  return *this;
}

ProtobufMessage& ProtobufMessage::real32(int field, float value) {
  key(field, fixed32_type);
  little_endian(std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

ProtobufMessage& ProtobufMessage::bytes(int field, std::string_view value) {
  key(field, length_type);
  varint(value.size());
  data_.append(value);
  return *this;
}

void ProtobufMessage::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) data_.push_back(static_cast<char>(value | 0x80));
  data_.push_back(static_cast<char>(value));
}

void ProtobufMessage::key(int field, unsigned wire_type) {
  varint((static_cast<std::uint64_t>(field) << 3) | wire_type);
}

void ProtobufMessage::little_endian(std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) data_.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace smflow::training
