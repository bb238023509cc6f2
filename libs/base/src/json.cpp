#include <set>
#include <string>
#include <vector>

#include <smflow/base/json.hpp>

namespace smflow {

namespace {

Error bad_json(std::string_view what, const std::string& why) {
  return {.code = "E902", .exit = ExitCode::configuration, .message = std::string(what) + ": " + why};
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what, JsonLimits limits) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.size() > limits.bytes) {
    return tl::unexpected(bad_json(what, "larger than " + std::to_string(limits.bytes) + " bytes"));
  }
  std::vector<std::set<std::string>> keys;
  std::string problem;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > limits.depth && problem.empty()) problem = "nested deeper than " + std::to_string(limits.depth);
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second && problem.empty()) {
      problem = "the key " + parsed.dump(-1, ' ', true, Json::error_handler_t::replace) + " is there twice";
    }
    return problem.empty();
  };
  try {
    Json document = Json::parse(text, watch);
    if (!problem.empty()) return tl::unexpected(bad_json(what, problem));
    return document;
  } catch (const Json::exception& error) {
    return tl::unexpected(bad_json(what, std::string("not valid JSON: ") + error.what()));
  }
}

}  // namespace smflow
