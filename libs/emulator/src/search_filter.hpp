#pragma once

#include <smflow/emulator/service_error.hpp>

namespace smflow::emulator {

// Whether a job as Search shows it satisfies a SearchExpression of Filters and SubExpressions. A filter's name is a
// path of members ("HyperParameters.lr", "Tags.owner", "InputDataConfig.DataSource.S3DataSource.S3Uri"; of a list one
// element is enough) or "Metrics.<name>". Numbers compare as numbers, times as ISO 8601 in UTC, all else as text.
tl::expected<bool, ServiceError> satisfies(const Json& job, const Json& expression);

// The first value at the path; null when there is none.
Json first_value(const Json& job, const std::string& path);

}  // namespace smflow::emulator
