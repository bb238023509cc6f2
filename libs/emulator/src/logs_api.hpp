#pragma once

#include "log_store.hpp"

#include <smflow/emulator/service_error.hpp>

namespace smflow::emulator {

// The reading part of CloudWatch Logs: DescribeLogStreams, GetLogEvents, FilterLogEvents. The one group exists from the
// first line of the first job on.
class LogsApi {
 public:
  explicit LogsApi(const LogStore& store) : store_(store) {}
  Answer call(const std::string& operation, const Json& request, const Caller& caller) const;

 private:
  Answer describe_log_streams(const Json& request, const Caller& caller) const;
  Answer get_log_events(const Json& request) const;
  Answer filter_log_events(const Json& request) const;

  const LogStore& store_;
};

}  // namespace smflow::emulator
