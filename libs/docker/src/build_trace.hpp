#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::docker {

// What BuildKit tells of a build: a StatusResponse of its api/services/control/control.proto, in the encoding of
// Protocol Buffers.
struct BuildTrace {
  // A step, as far as it is now. Told again when it has changed.
  struct Vertex {
    std::string digest;
    std::string name;  // "[build 2/4] RUN make"
    bool cached = false;
    bool started = false;
    std::string error;  // empty: none so far
  };
  // A piece of what a step has printed.
  struct Output {
    std::string digest;
    std::string text;
  };
  std::vector<Vertex> vertexes;
  std::vector<Output> outputs;
};

// None when the bytes are no such message. They are hostile; what is not known is passed over.
std::optional<BuildTrace> decode_build_trace(std::string_view bytes);

}  // namespace smflow::docker
