#include "logs_api.hpp"

#include "log_pattern.hpp"
#include "patterns.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

namespace smflow::emulator {

namespace {

ServiceError invalid(std::string message) {
  return {"InvalidParameterException", std::move(message)};
}

std::optional<std::uint64_t> digits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// "f/" for what follows, "b/" for what went before, and the sequence number where the page begins or ends.
std::string token(char direction, std::uint64_t sequence) {
  return fmt::format("{}/{:056}", direction, sequence);
}

TimeRange time_range(const Json& request) {
  return {request.value("startTime", std::int64_t{0}), request.value("endTime", std::int64_t{INT64_MAX})};
}

PageLimits page_limits(const Json& request) {
  PageLimits limits;
  limits.events = request.value("limit", limits.events);
  return limits;
}

const std::vector<Member>& common_members() {
  static const std::vector<Member> members{{"logGroupName", text(1, 512, patterns::log_group)},
                                           {"logGroupIdentifier", text(1, 2048)},
                                           {"nextToken", text(1, 8192)},
                                           {"startTime", integer(0)},
                                           {"endTime", integer(0)}};
  return members;
}

Shape with_common(std::vector<Member> members) {
  members.insert(members.end(), common_members().begin(), common_members().end());
  return structure(std::move(members));
}

const Shape* shape_of(const std::string& operation) {
  const Shape stream = text(1, 512, patterns::log_stream);
  static const Shape describe = with_common({{"logStreamNamePrefix", stream},
                                             {"orderBy", choice({"LogStreamName", "LastEventTime"})},
                                             {"descending", boolean()},
                                             {"limit", integer(1, 50)}});
  static const Shape get =
      with_common({required("logStreamName", stream), {"limit", integer(1, 10'000)}, {"startFromHead", boolean()}});
  static const Shape filter = with_common({{"logStreamNames", list(stream, 1, 100)},
                                           {"logStreamNamePrefix", stream},
                                           {"filterPattern", text(0, 1024)},
                                           {"limit", integer(1, 10'000)}});
  if (operation == "DescribeLogStreams") return &describe;
  if (operation == "GetLogEvents") return &get;
  return operation == "FilterLogEvents" ? &filter : nullptr;
}

std::optional<ServiceError> group_fault(const Json& request, const LogStore& store) {
  if (request.contains("logGroupName") == request.contains("logGroupIdentifier")) {
    return invalid("give exactly one of logGroupName and logGroupIdentifier");
  }
  std::string group = request.value("logGroupName", request.value("logGroupIdentifier", std::string()));
  if (const std::size_t at = group.find(":log-group:"); at != std::string::npos) group = group.substr(at + 11);
  if (group == log_group && !store.streams().empty()) return {};
  return ServiceError{"ResourceNotFoundException", "The specified log group does not exist."};
}

Json event_json(const LogEvent& event) {
  return {{"timestamp", event.timestamp}, {"message", event.message}, {"ingestionTime", event.timestamp}};
}

}  // namespace

Answer LogsApi::call(const std::string& operation, const Json& request, const Caller& caller) const {
  const Shape* shape = shape_of(operation);
  if (shape == nullptr) {
    return tl::unexpected(
        ServiceError{"UnknownOperationException", "smflow emulator: no CloudWatch Logs operation '" + operation + "'"});
  }
  const Answer known = checked(request, *shape, "InvalidParameterException");
  if (!known) return known;
  if (auto fault = group_fault(*known, store_)) return tl::unexpected(*std::move(fault));
  if (operation == "DescribeLogStreams") return describe_log_streams(*known, caller);
  return operation == "GetLogEvents" ? get_log_events(*known) : filter_log_events(*known);
}

Answer LogsApi::describe_log_streams(const Json& request, const Caller& caller) const {
  const std::string prefix = request.value("logStreamNamePrefix", std::string());
  const bool by_time = request.value("orderBy", std::string()) == "LastEventTime";
  if (by_time && !prefix.empty()) {
    return tl::unexpected(invalid("logStreamNamePrefix cannot be used with orderBy LastEventTime"));
  }
  std::vector<LogStreamInfo> streams = store_.streams();
  std::erase_if(streams, [&](const LogStreamInfo& stream) { return !stream.name.starts_with(prefix); });
  if (by_time) {
    std::stable_sort(streams.begin(), streams.end(),
                     [](const LogStreamInfo& a, const LogStreamInfo& b) { return a.last < b.last; });
  }
  if (request.value("descending", false)) std::reverse(streams.begin(), streams.end());

  // The token is the name of the page's last stream: streams that appear meanwhile shift nothing.
  auto at = streams.begin();
  if (request.contains("nextToken")) {
    const std::string last = request["nextToken"];
    at = std::find_if(at, streams.end(), [&](const LogStreamInfo& stream) { return stream.name == last; });
    if (at == streams.end()) return tl::unexpected(invalid("The specified nextToken is invalid."));
    ++at;
  }
  Json page = Json::array();
  const auto limit = request.value("limit", std::size_t{50});
  for (; at != streams.end() && page.size() < limit; ++at) {
    page.push_back({{"logStreamName", at->name},
                    {"creationTime", at->creation},
                    {"firstEventTimestamp", at->first},
                    {"lastEventTimestamp", at->last},
                    {"lastIngestionTime", at->last},
                    {"arn", fmt::format("arn:aws:logs:{}:{}:log-group:{}:log-stream:{}", caller.region, account_id,
                                        log_group, at->name)},
                    {"storedBytes", 0}});
  }
  Json answer{{"logStreams", page}};
  if (at != streams.end()) answer["nextToken"] = page.back()["logStreamName"];
  return answer;
}

Answer LogsApi::get_log_events(const Json& request) const {
  const std::string stream = request["logStreamName"];
  if (!store_.has(stream)) {
    return tl::unexpected(ServiceError{"ResourceNotFoundException", "The specified log stream does not exist."});
  }
  const std::string given = request.value("nextToken", std::string());
  const bool backward = given.empty() ? !request.value("startFromHead", false) : given.starts_with("b/");
  std::optional<std::uint64_t> at = backward ? UINT64_MAX : 0;
  if (!given.empty()) {
    at = given.starts_with("f/") || backward ? digits(std::string_view(given).substr(2)) : std::nullopt;
    if (!at) return tl::unexpected(invalid("The specified nextToken is invalid."));
  }
  const auto events = backward ? store_.backward(stream, *at, time_range(request), page_limits(request))
                               : store_.forward(stream, *at, time_range(request), page_limits(request));
  // At an end the token that was sent comes back.
  std::uint64_t begin = at == UINT64_MAX ? 0 : *at;
  std::uint64_t end = begin;
  if (!events.empty()) {
    begin = events.front().sequence;
    end = events.back().sequence + 1;
  }
  Json page = Json::array();
  for (const LogEvent& event : events) page.push_back(event_json(event));
  return Json{{"events", page}, {"nextForwardToken", token('f', end)}, {"nextBackwardToken", token('b', begin)}};
}

Answer LogsApi::filter_log_events(const Json& request) const {
  if (request.contains("logStreamNames") && request.contains("logStreamNamePrefix")) {
    return tl::unexpected(invalid("logStreamNames and logStreamNamePrefix exclude each other"));
  }
  const auto pattern = LogPattern::parse(request.value("filterPattern", std::string()));
  if (!pattern) {
    return tl::unexpected(invalid("smflow emulator: the filter pattern is not one of plain terms"));
  }
  const auto first = digits(request.value("nextToken", std::string("0")));
  if (!first) return tl::unexpected(invalid("The specified nextToken is invalid."));
  const std::string prefix = request.value("logStreamNamePrefix", std::string());
  const auto names = request.value("logStreamNames", std::set<std::string>());
  for (const std::string& name : names) {
    if (store_.has(name)) continue;
    return tl::unexpected(ServiceError{"ResourceNotFoundException", "The specified log stream does not exist."});
  }
  const PageLimits limits = page_limits(request);
  const auto wanted = [&](std::string_view name) {
    return name.starts_with(prefix) && (names.empty() || names.contains(std::string(name)));
  };
  const auto found = store_.find(
      wanted, [&](std::string_view message) { return pattern->matches(message); }, *first, time_range(request), limits);
  Json events = Json::array();
  std::size_t bytes = 0;
  for (const auto& [stream, event] : found) {
    Json one = event_json(event);
    one["logStreamName"] = stream;
    one["eventId"] = fmt::format("{:056}", event.sequence);
    events.push_back(std::move(one));
    bytes += event.message.size();
  }
  Json answer{{"events", events}, {"searchedLogStreams", Json::array()}};
  // A page that is not full was the last. A full one may be followed by an empty one, as on the service.
  const bool full = found.size() == limits.events || bytes + found.size() * 26 + (256 << 10) > limits.bytes;
  if (!found.empty() && full) answer["nextToken"] = fmt::format("{:056}", found.back().second.sequence + 1);
  return answer;
}

}  // namespace smflow::emulator
