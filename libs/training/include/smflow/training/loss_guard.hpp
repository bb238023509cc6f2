#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include <smflow/base/error.hpp>
#include <smflow/training/metrics.hpp>

namespace smflow::training {

// Ends a training that has gone wrong for good: a value that is not finite, at once; or one above `ceiling` for
// `patience` steps on end.
class LossGuard {
 public:
  LossGuard(double ceiling, int patience) : ceiling_(ceiling), patience_(patience) {}

  // Error E336 (not finite) or E337 (exploding) that names the value, its size, and where: `where` is "epoch 3, batch
  // 17".
  Result<void> check(std::span<const NamedValue> values, const std::string& where);

 private:
  double ceiling_;
  int patience_;
  std::map<std::string, int, std::less<>> above_;
};

}  // namespace smflow::training
