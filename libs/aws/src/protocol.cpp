#include "error_answer.hpp"
#include "xml.hpp"

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

Outcome<Json> json_answer(const Client& client, const std::string& operation, const Outcome<ApiAnswer>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  if (answer->response.body.empty()) return Json::object();
  auto json = parse_json(answer->response.body, "the answer");
  if (!json) return tl::unexpected(bad_answer(client, operation, *answer, json.error().message));
  if (!json->is_object()) return tl::unexpected(bad_answer(client, operation, *answer, "the answer is no object"));
  return *std::move(json);
}

std::string form_of(const Query& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text.append(text.empty() ? "" : "&").append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return text;
}

}  // namespace

AwsError bad_answer(const Client& client, const std::string& operation, const ApiAnswer& answer,
                    const std::string& why) {
  return {.kind = AwsError::Kind::answer,
          .service = std::string(client.service().id),
          .operation = operation,
          .message = why,
          .request_id = request_id_of(answer.response),
          .status = answer.response.status,
          .attempts = answer.attempts};
}

Outcome<Json> call_json(Client& client, const std::string& operation, const Json& input, std::stop_token cancel) {
  const ApiCall call{.operation = operation,
                     .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                 {"X-Amz-Target", std::string(client.service().target) + "." + operation}},
                     .body = http::body_of(input.dump(-1, ' ', false, Json::error_handler_t::replace)),
                     .cancel = cancel};
  return json_answer(client, operation, client.call(call));
}

Outcome<std::string> call_query(Client& client, const std::string& operation, const Query& input, bool anonymous,
                                std::stop_token cancel) {
  Query fields{{"Action", operation}, {"Version", std::string(client.service().version)}};
  fields.insert(fields.end(), input.begin(), input.end());
  const ApiCall call{.operation = operation,
                     .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                     .body = http::body_of(form_of(fields)),
                     .anonymous = anonymous,
                     .xml_answer = true,
                     .cancel = cancel};
  auto answer = client.call(call);
  if (!answer) return tl::unexpected(std::move(answer).error());
  if (answer->response.body.empty())
    return tl::unexpected(bad_answer(client, operation, *answer, "the answer is empty"));
  return std::move(answer->response.body);
}

Outcome<Json> call_rest_json(Client& client, const ApiCall& call) {
  return json_answer(client, call.operation, client.call(call));
}

}  // namespace smflow::aws
