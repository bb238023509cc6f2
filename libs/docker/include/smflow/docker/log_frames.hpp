#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::docker {

enum class OutputStream { standard, error };

// Takes the framing off a container's output (Docker Engine API, ContainerAttach, "Stream format"): a header of eight
// bytes, the first of which names the stream, and the last four say how many bytes follow. What comes is cut anywhere.
// E354 for what is no frame.
class LogFrames {
 public:
  using Sink = std::function<Result<void>(OutputStream, std::span<const std::byte>)>;
  explicit LogFrames(const Sink& sink) : sink_(sink) {}

  Result<void> feed(std::span<const std::byte> piece);

 private:
  Result<void> read_header();

  const Sink& sink_;
  std::string header_;
  OutputStream stream_ = OutputStream::standard;  // the frame's
  std::uint64_t left_ = 0;                        // of the frame
};

}  // namespace smflow::docker
