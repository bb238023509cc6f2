#pragma once

#include <cstdint>
#include <string>

namespace smflow::rehearsal {

// Metric lines of the steps `from` to `to`, every `every`th; the loss of step n is 1/n, more by `offset`.
inline std::string told_steps(std::int64_t from, std::int64_t to, std::int64_t every = 1, double offset = 0) {
  std::string lines;
  for (std::int64_t step = from; step <= to; step += every) {
    lines += "{\"step\":" + std::to_string(step) +
             ",\"epoch\":1,\"m\":{\"loss\":" + std::to_string(1.0 / static_cast<double>(step) + offset) + "}}\n";
  }
  return lines;
}

inline std::string told_event(const std::string& event, std::int64_t step) {
  return "{\"step\":" + std::to_string(step) + ",\"event\":\"" + event + "\"}\n";
}

}  // namespace smflow::rehearsal
