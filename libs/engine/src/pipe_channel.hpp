#pragma once

#include "inputs.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// A channel in Pipe mode (Amazon SageMaker Developer Guide, "Pipe mode"): the FIFOs <channel>_0, <channel>_1 and so on,
// one an epoch, each giving the content of all objects one after the other, in the order of their keys. The next one
// appears when the program has read one to its end, or has closed it.
class PipeChannel {
 public:
  // `folder` stands as /opt/ml/input/data.
  static Result<std::unique_ptr<PipeChannel>> make(const Input& input, std::filesystem::path folder);

  // Makes the first FIFO and begins to serve, until this object goes. E110 when it cannot be made. When an object
  // cannot be given whole, `on_fault` is called with the reason, on another thread, and the channel ends.
  Result<void> start(std::function<void(const std::string& reason)> on_fault);

 private:
  PipeChannel(std::filesystem::path place, std::vector<std::filesystem::path> objects)
      : place_(std::move(place)), objects_(std::move(objects)) {}

  std::filesystem::path fifo(int epoch) const;
  Result<void> make(int epoch) const;
  void serve(const std::stop_token& stop) const;
  // E900 when an object cannot be read.
  Result<void> write_objects(int fifo, const std::stop_token& stop) const;

  std::filesystem::path place_;  // without "_<epoch>"
  std::vector<std::filesystem::path> objects_;
  std::function<void(const std::string& reason)> on_fault_;
  std::jthread thread_;
};

}  // namespace smflow::engine
