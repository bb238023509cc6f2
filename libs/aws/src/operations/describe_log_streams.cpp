#include "operations/json_answer.hpp"

#include <smflow/aws/operations/log_events.hpp>

namespace smflow::aws {

namespace {

LogStreamPage page_of(const Json& answer) {
  LogStreamPage page{.names = {}, .next_token = text_at(answer, "nextToken")};
  for (const Json& stream : list_at(answer, "logStreams")) {
    page.names.push_back(stream.at("logStreamName").get<std::string>());
  }
  return page;
}

}  // namespace

Outcome<LogStreamPage> describe_log_streams(Client& client, const std::string& group, const std::string& prefix,
                                            const std::string& next_token, std::stop_token cancel) {
  const std::string operation = "DescribeLogStreams";
  Json input{{"logGroupName", group}, {"logStreamNamePrefix", prefix}, {"orderBy", "LogStreamName"}, {"limit", 50}};
  if (!next_token.empty()) input["nextToken"] = next_token;
  return read_answer(client, operation, call_json(client, operation, input, cancel), page_of);
}

}  // namespace smflow::aws
