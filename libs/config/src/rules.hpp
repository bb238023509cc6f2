#pragma once

#include <string>
#include <vector>

#include <smflow/config/config.hpp>

namespace smflow::config {

// E031 for every rule of the schema that the values in force break.
void check_rules(Config& config);

// Why a rule cannot be evaluated with this schema; empty when it can.
std::string rule_fault(const Schema& schema, const Rule& rule);

}  // namespace smflow::config
