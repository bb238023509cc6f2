#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/runtime/signals.hpp>

namespace smflow::runtime {

// True when the name has an address now.
bool resolves(const std::string& host);

// Waits until every host has an address: hosts of a job do not start at the same moment. Tries at once, then after
// waits that double from 0.1 s to 30 s, at most `patience` for all. Errors: E227 a host has no address; E230 SIGTERM or
// SIGINT came meanwhile, its `exit` is 143 or 130.
Result<void> wait_for_hosts(const std::vector<std::string>& hosts, SignalInbox& signals,
                            const std::function<bool(const std::string&)>& try_host = resolves,
                            std::chrono::milliseconds patience = std::chrono::minutes(15));

}  // namespace smflow::runtime
