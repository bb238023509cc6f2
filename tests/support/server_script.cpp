#include "support/scripted_server.hpp"

#include <stdexcept>

#include <smflow/base/json.hpp>

namespace smflow::test {

using std::chrono::milliseconds;

Action send_bytes(std::string bytes, std::size_t repeat) {
  return {.kind = Action::Kind::send, .bytes = std::move(bytes), .count = repeat};
}

Action answer(int status, std::string_view body, const FieldList& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return send_bytes(text.append(body));
}

Action drip(std::string bytes, milliseconds every) {
  return {.kind = Action::Kind::drip, .bytes = std::move(bytes), .duration = every};
}

Action read_more(std::size_t bytes) {
  return {.kind = Action::Kind::read, .bytes = {}, .count = bytes};
}

Action stall(milliseconds duration) {
  return {.kind = Action::Kind::stall, .duration = duration};
}
Action close_connection() {
  return {.kind = Action::Kind::close};
}
Action reset_connection() {
  return {.kind = Action::Kind::reset};
}

namespace {

Action action_in(const Json& json) {
  if (json.contains("answer")) {
    FieldList headers;
    const Json fields = json.value("headers", Json::object());
    for (const auto& [name, value] : fields.items()) headers.emplace_back(name, value);
    const Json body = json.value("body", Json(""));
    return answer(json.at("answer"), body.is_object() ? body.dump() : body.get<std::string>(), headers);
  }
  if (json.contains("send")) return send_bytes(json.at("send"), json.value("repeat", std::size_t{1}));
  if (json.contains("drip")) return drip(json.at("drip"), milliseconds(json.value("every_ms", 50)));
  if (json.contains("read")) return read_more(json.at("read"));
  if (json.contains("stall_ms")) return stall(milliseconds(json.at("stall_ms").get<int>()));
  if (json.contains("close")) return close_connection();
  if (json.contains("reset")) return reset_connection();
  throw std::invalid_argument("unknown action " + json.dump());
}

Rule rule_in(const Json& json) {
  Rule rule = {.actions = {},
               .method = json.value("method", ""),
               .path = json.value("path", ""),
               .times = json.value("times", 1),
               .read_body = json.value("read_body", true),
               .operation = json.value("operation", ""),
               .holds = json.value("holds", "")};
  for (const Json& action : json.at("do")) rule.actions.push_back(action_in(action));
  return rule;
}

}  // namespace

Result<Script> parse_script(std::string_view text) try {
  auto json = parse_json(text, "the script");
  if (!json) return tl::unexpected(std::move(json).error());
  Script script = {.rules = {}, .reset_connections = json->value("reset_connections", 0)};
  for (const Json& rule : json->at("rules")) script.rules.push_back(rule_in(rule));
  return script;
} catch (const std::exception& wrong) {
  return tl::unexpected(Error{"E902", ExitCode::usage, std::string("not a script: ") + wrong.what()});
}

}  // namespace smflow::test
