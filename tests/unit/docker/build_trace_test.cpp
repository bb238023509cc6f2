#include "build_trace.hpp"

#include <gtest/gtest.h>

namespace smflow::docker {
namespace {

// A field of a message that is a text or a message itself, as Protocol Buffers writes it.
std::string field(unsigned number, const std::string& bytes) {
  std::string text{static_cast<char>(number << 3 | 2)};
  std::size_t size = bytes.size();
  for (; size > 0x7f; size >>= 7) text += static_cast<char>((size & 0x7f) | 0x80);
  return text + static_cast<char>(size) + bytes;
}

std::string field(unsigned number, char value) {
  return {static_cast<char>(number << 3), value};
}

TEST(BuildTraceTest, TellsStepsAndWhatTheyPrint) {
  const std::string name(200, 'n');
  const std::string vertex = field(1, "sha256:1") + field(2, "sha256:0") + field(3, name) + field(4, '\1') +
                             field(5, field(1, '\5')) + field(7, "exit code: 2");
  const std::string output = field(1, "sha256:1") + field(3, '\1') + field(4, "line\n");
  const auto trace = decode_build_trace(field(1, vertex) + field(2, "status") + field(3, output));
  ASSERT_TRUE(trace);
  ASSERT_EQ(trace->vertexes.size(), 1u);
  const BuildTrace::Vertex& step = trace->vertexes.front();
  EXPECT_EQ(step.digest, "sha256:1");
  EXPECT_EQ(step.name, name);
  EXPECT_TRUE(step.cached);
  EXPECT_TRUE(step.started);
  EXPECT_EQ(step.error, "exit code: 2");
  ASSERT_EQ(trace->outputs.size(), 1u);
  EXPECT_EQ(trace->outputs.front().text, "line\n");
}

TEST(BuildTraceTest, FieldsThatAreNotKnownArePassedOver) {
  const std::string fixed = std::string("\x79") + std::string(8, 'x') + "\x7d" + std::string(4, 'x');
  const auto trace = decode_build_trace(fixed + field(1, fixed + field(3, "name")));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->vertexes.at(0).name, "name");
}

TEST(BuildTraceTest, EveryPrefixOfAMessageIsOneOrNone) {
  const std::string message =
      field(1, field(1, "sha256:1") + field(3, std::string(300, 'n'))) + field(3, field(4, "x"));
  for (std::size_t size = 0; size < message.size(); ++size) {
    static_cast<void>(decode_build_trace(std::string_view(message).substr(0, size)));
  }
  EXPECT_FALSE(decode_build_trace(message.substr(0, message.size() - 1)));
}

TEST(BuildTraceTest, WhatIsNoMessageIsNone) {
  for (const std::string& bytes : {std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), std::string(20, '\xff'),
                                   std::string("\x0b"), std::string("\x0a\x05x")}) {
    EXPECT_FALSE(decode_build_trace(bytes));
  }
}

}  // namespace
}  // namespace smflow::docker
