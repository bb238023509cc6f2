#pragma once

#include "sandbox_spec.hpp"

#include <optional>

namespace smflow::engine {

// Who typed sudo, when this process is root through sudo.
std::optional<Owner> sudo_user();

// Gives up root for good. Throws CommandFailure when the system refuses.
void become(const Owner& owner);

}  // namespace smflow::engine
