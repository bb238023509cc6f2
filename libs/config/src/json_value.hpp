#pragma once

#include <smflow/base/json.hpp>
#include <smflow/config/schema.hpp>

namespace smflow::config {

OrderedJson json_value(const Value& value);

}  // namespace smflow::config
