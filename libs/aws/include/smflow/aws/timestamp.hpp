#pragma once

#include <string>

#include <smflow/base/timestamp.hpp>

namespace smflow::aws {

// "20240115T120000Z", the form of X-Amz-Date.
std::string format_amz_date(WallTime time);

using smflow::parse_http_date;
using smflow::parse_iso8601;

}  // namespace smflow::aws
