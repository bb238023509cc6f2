#include "operations/json_answer.hpp"

#include <smflow/aws/operations/log_events.hpp>

namespace smflow::aws {

namespace {

LogEventPage page_of(const Json& answer) {
  LogEventPage page{.events = {}, .next_token = answer.at("nextForwardToken").get<std::string>()};
  for (const Json& event : list_at(answer, "events")) {
    page.events.push_back({event.at("timestamp").get<std::int64_t>(), text_at(event, "message")});
  }
  return page;
}

}  // namespace

Outcome<LogEventPage> get_log_events(Client& client, const LogEventQuery& query, std::stop_token cancel) {
  const std::string operation = "GetLogEvents";
  Json input{{"logGroupName", query.group},
             {"logStreamName", query.stream},
             {"startFromHead", query.from_head},
             {"limit", query.limit}};
  if (!query.token.empty()) input["nextToken"] = query.token;
  if (query.start_time) input["startTime"] = *query.start_time;
  return read_answer(client, operation, call_json(client, operation, input, cancel), page_of);
}

}  // namespace smflow::aws
