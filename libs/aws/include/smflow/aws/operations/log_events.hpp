#pragma once

#include <cstdint>
#include <vector>

#include <smflow/aws/client.hpp>
#include <smflow/base/clock.hpp>

// Operations of Amazon CloudWatch Logs (API version 2014-03-28) that smflow uses. A group or stream that is not there
// (yet) is AwsError::Kind::not_found.
namespace smflow::aws {

struct LogStreamPage {
  std::vector<std::string> names;
  std::string next_token;  // empty: this was the last page
};
// Streams by name, 50 a page.
Outcome<LogStreamPage> describe_log_streams(Client& client, const std::string& group, const std::string& prefix,
                                            const std::string& next_token = {}, std::stop_token cancel = {});

struct LogEvent {
  std::int64_t timestamp = 0;  // milliseconds since 1970 UTC
  std::string message;

  WallTime time() const { return WallTime(std::chrono::milliseconds(timestamp)); }
};
struct LogEventPage {
  std::vector<LogEvent> events;  // oldest first; empty is not the end
  std::string next_token;        // never empty; the end was reached when it is the token that was sent
};
struct LogEventQuery {
  std::string group;
  std::string stream;
  std::string token = {};  // empty: from the start
  std::optional<std::int64_t> start_time = {};
  int limit = 10'000;
  bool from_head = true;  // false: the newest first page; its events are the oldest first all the same
};
// GetLogEvents of one stream. A token lives for 24 hours; after that it is Kind::invalid.
Outcome<LogEventPage> get_log_events(Client& client, const LogEventQuery& query, std::stop_token cancel = {});

struct FoundEvent {
  std::string stream;
  std::string id;  // unique in the group
  LogEvent event;
};
struct FoundEventPage {
  std::vector<FoundEvent> events;
  std::string next_token;  // empty: this was the last page
};
struct FilterQuery {
  std::string group;
  std::string stream_prefix = {};
  std::string pattern = {};  // of CloudWatch; empty: every event
  std::optional<std::int64_t> start_time = {};
  std::optional<std::int64_t> end_time = {};  // not included
  int limit = 10'000;
};
// One page over all streams with the prefix.
Outcome<FoundEventPage> filter_log_events(Client& client, const FilterQuery& query, const std::string& next_token = {},
                                          std::stop_token cancel = {});

}  // namespace smflow::aws
