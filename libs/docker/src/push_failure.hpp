#pragma once

#include <optional>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::docker {

// Why a push has failed, by the words of the engine or the registry; none when they are not known.
std::optional<Error> known_push_failure(const std::string& repository, const std::string& why);
// As the error that it is in any case.
Error failed_push(const std::string& repository, const std::string& why);

}  // namespace smflow::docker
