#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

// Hides the values of variables and hyperparameters whose names say that they are secret, and credentials by form.
class Secrets {
 public:
  explicit Secrets(const Environment& environment);

  // `text` without any of the values, and through smflow::redact. Values shorter than 6 bytes are not searched for:
  // "token = 5" would hide every 5.
  std::string hide(std::string_view text) const;

 private:
  std::vector<std::string> values_;  // longest first
};

// The program's arguments for a log: quoted for a shell, the value behind a secret name as "***".
std::string printable_command(const std::vector<std::string>& command);

}  // namespace smflow::runtime
