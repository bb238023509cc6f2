#pragma once

#include <optional>
#include <string>

#include <smflow/base/clock.hpp>

namespace smflow::aws {

// One consistent set of keys. The secret and the token never go into a message.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};        // empty: long-term keys
  std::optional<WallTime> expires = {};  // none: never
  std::string account_id = {};           // empty: unknown
};

}  // namespace smflow::aws
