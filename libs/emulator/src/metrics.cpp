#include "metrics.hpp"

namespace smflow::emulator {

void Metrics::read(std::string_view line, WallTime time) {
  patterns_.read(line, [&](const std::string& name, double value) {
    const std::lock_guard lock(mutex_);
    values_[name] = {value, time};
  });
}

std::map<std::string, MetricValue> Metrics::last_values() const {
  const std::lock_guard lock(mutex_);
  return values_;
}

}  // namespace smflow::emulator
