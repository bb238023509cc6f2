#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <smflow/base/clock.hpp>

namespace smflow::cli {

// How much of a training is done and how long the rest takes, from log lines that begin with
// "[epoch/epochs][batch/batches]". Epochs count from 1, unless a line has told of an epoch 0.
class TrainingProgress {
 public:
  // Lines of another form change nothing.
  void read(std::string_view line, SteadyTime now);

  // From 0, before the first such line, to 1.
  double share() const { return share_; }
  // At the pace since the first such line, so that what a resumed training found done does not count; none before the
  // second.
  std::optional<std::chrono::milliseconds> left() const;

 private:
  bool from_zero_ = false;
  double share_ = 0;
  std::optional<double> first_share_;
  SteadyTime first_time_;
  SteadyTime time_;
};

}  // namespace smflow::cli
