#include "smflow/training/loss_guard.hpp"

#include <cmath>

#include <fmt/format.h>

namespace smflow::training {

namespace {
constexpr const char* advice = "lower TRAINING.LEARNING_RATE, or start again with another TRAINING.SEED";
}

Result<void> LossGuard::check(std::span<const NamedValue> values, const std::string& where) {
  for (const NamedValue& value : values) {
    if (!std::isfinite(value.value)) {
      return tl::unexpected(Error{.code = "E336",
                                  .exit = ExitCode::job_failed,
                                  .message = fmt::format("{} is {} at {}", value.name, value.value, where),
                                  .fix = advice});
    }
    int& steps = above_[std::string(value.name)];
    steps = value.value > ceiling_ ? steps + 1 : 0;
    if (steps < patience_) continue;
    return tl::unexpected(Error{.code = "E337",
                                .exit = ExitCode::job_failed,
                                .message = fmt::format("{} explodes: above {} for {} steps, {:.4g} at {}", value.name,
                                                       ceiling_, steps, value.value, where),
                                .fix = advice});
  }
  return {};
}

}  // namespace smflow::training
