#pragma once

#include <map>
#include <string>

#include <smflow/container/container_engine.hpp>

namespace smflow::container {

// The labels that tell later whose it is.
std::map<std::string, std::string> labels_of(const engine::JobOrder& order);

}  // namespace smflow::container
