#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <smflow/base/json.hpp>

namespace smflow {

namespace {

// Ends the parser at once: it has no other way to stop, and what it has built grows with the input.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Error bad_json(std::string_view what, const std::string& why) {
  return {.code = "E902", .exit = ExitCode::configuration, .message = std::string(what) + ": " + why};
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what, JsonLimits limits) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.size() > limits.bytes) {
    return tl::unexpected(bad_json(what, "larger than " + std::to_string(limits.bytes) + " bytes"));
  }
  std::vector<std::set<std::string>> keys;  // of every open object
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > limits.depth) throw Refused("nested deeper than " + std::to_string(limits.depth));
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      throw Refused("the key " + parsed.dump(-1, ' ', true, Json::error_handler_t::replace) + " is there twice");
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Refused& refused) {
    return tl::unexpected(bad_json(what, refused.what()));
  } catch (const Json::exception& error) {
    return tl::unexpected(bad_json(what, std::string("not valid JSON: ") + error.what()));
  }
}

}  // namespace smflow
