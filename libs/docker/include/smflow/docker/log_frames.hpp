#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::docker {

// Takes the framing off a container's output (Docker Engine API, ContainerAttach, "Stream format"): a header of eight
// bytes, the last four of which say how many bytes follow. What comes is cut anywhere. E354 for what is no frame.
class LogFrames {
 public:
  using Sink = std::function<Result<void>(std::span<const std::byte>)>;
  explicit LogFrames(const Sink& sink) : sink_(sink) {}

  Result<void> feed(std::span<const std::byte> piece);

 private:
  Result<void> read_header();

  const Sink& sink_;
  std::string header_;
  std::uint64_t left_ = 0;  // of the frame
};

}  // namespace smflow::docker
