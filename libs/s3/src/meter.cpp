#include "meter.hpp"

namespace smflow::s3 {

void Meter::add(std::uint64_t bytes) {
  if (!progress_) return;
  const std::lock_guard lock(mutex_);
  done_ += bytes;
  progress_(done_, total_);
}

}  // namespace smflow::s3
