#include "training_progress.hpp"

#include <algorithm>

#include <smflow/plan/training_position.hpp>

namespace smflow::cli {

void TrainingProgress::read(std::string_view line, SteadyTime now) {
  const auto at = plan::training_position(line);
  if (!at) return;
  from_zero_ = from_zero_ || at->epoch == 0;
  const double epochs_done = at->epoch - (from_zero_ ? 0.0 : 1.0);
  share_ = std::clamp((epochs_done + static_cast<double>(at->batch) / at->batches) / at->epochs, 0.0, 1.0);
  time_ = now;
  if (!first_share_) {
    first_share_ = share_;
    first_time_ = now;
  }
}

std::optional<std::chrono::milliseconds> TrainingProgress::left() const {
  using Seconds = std::chrono::duration<double>;
  constexpr Seconds longest{1e9};
  if (!first_share_ || share_ <= *first_share_) return std::nullopt;
  const Seconds time = Seconds(time_ - first_time_) * ((1 - share_) / (share_ - *first_share_));
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::min(time, longest));
}

}  // namespace smflow::cli
