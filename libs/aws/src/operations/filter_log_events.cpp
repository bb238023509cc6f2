#include "operations/json_answer.hpp"

#include <smflow/aws/operations/log_events.hpp>

namespace smflow::aws {

namespace {

Json input_of(const FilterQuery& query, const std::string& next_token) {
  Json input{{"logGroupName", query.group}, {"limit", query.limit}};
  if (!query.stream_prefix.empty()) input["logStreamNamePrefix"] = query.stream_prefix;
  if (!query.pattern.empty()) input["filterPattern"] = query.pattern;
  if (query.start_time) input["startTime"] = *query.start_time;
  if (query.end_time) input["endTime"] = *query.end_time;
  if (!next_token.empty()) input["nextToken"] = next_token;
  return input;
}

FoundEventPage page_of(const Json& answer) {
  FoundEventPage page{.events = {}, .next_token = text_at(answer, "nextToken")};
  for (const Json& event : list_at(answer, "events")) {
    page.events.push_back({.stream = text_at(event, "logStreamName"),
                           .id = text_at(event, "eventId"),
                           .event = {event.at("timestamp").get<std::int64_t>(), text_at(event, "message")}});
  }
  return page;
}

}  // namespace

Outcome<FoundEventPage> filter_log_events(Client& client, const FilterQuery& query, const std::string& next_token,
                                          std::stop_token cancel) {
  const std::string operation = "FilterLogEvents";
  return read_answer(client, operation, call_json(client, operation, input_of(query, next_token), cancel), page_of);
}

}  // namespace smflow::aws
