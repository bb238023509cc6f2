#pragma once

#include <chrono>

#include <smflow/base/error.hpp>
#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

// Where a local job gets the caller's AWS credentials (smflow/contract/credentials.hpp): reads them, and puts them in the
// place of the variable that told of them. Does nothing without that variable. E236 when nobody gives them in time, or
// what comes is not variables of AWS.
Result<void> take_credentials(Variables& given, std::chrono::milliseconds patience = std::chrono::seconds(30));

}  // namespace smflow::runtime
