#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace smflow::training {

// Writes the wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as much as event files need.
class ProtobufMessage {
 public:
  ProtobufMessage& integer(int field, std::int64_t value);
  ProtobufMessage& real64(int field, double value);
  ProtobufMessage& real32(int field, float value);
  ProtobufMessage& bytes(int field, std::string_view value);  // string, bytes or a message

  const std::string& data() const { return data_; }

 private:
  void varint(std::uint64_t value);
  void key(int field, unsigned wire_type);
  void little_endian(std::uint64_t value, int size);

  std::string data_;
};

}  // namespace smflow::training
