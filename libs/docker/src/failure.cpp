#include "failure.hpp"

#include <algorithm>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t longest_message = 4096;

std::string shortened(std::string_view text) {
  return printable(utf8_prefix(trim(text), longest_message));
}

std::string message_in(const http::Response& response) {
  const auto json = parse_json(response.body, "the engine's answer", {.bytes = 64u << 10, .depth = 8});
  if (json && json->is_object() && json->contains("message") && (*json)["message"].is_string()) {
    return (*json)["message"].get<std::string>();
  }
  return "HTTP status " + std::to_string(response.status) + (response.body.empty() ? "" : ": " + response.body);
}

}  // namespace

Error no_engine(const std::string& why) {
  return {.code = "E350",
          .exit = ExitCode::machine,
          .message = "no container engine answers: " + why,
          .fix = "start Docker ('systemctl start docker'), or name another engine in DOCKER_HOST"};
}

Error no_permission(const std::string& socket) {
  return {.code = "E351",
          .exit = ExitCode::machine,
          .message = "you may not use the container engine at '" + printable(socket) + "'",
          .fix = "join its group and sign in again: sudo usermod -aG docker $USER"};
}

Error refused(const std::string& message, ExitCode exit) {
  return {.code = "E353",
          .exit = exit,
          .message = "the container engine refuses: " + shortened(message),
          .fix = "these are the engine's words; its log says more: journalctl -u docker"};
}

Error not_understood(const std::string& what) {
  return {.code = "E354",
          .exit = ExitCode::machine,
          .message = "the container engine's answer is not understood: " + shortened(what),
          .fix = "look whether DOCKER_HOST names an engine"};
}

Error no_image(const std::string& name, const std::string& why) {
  if (says_full_disk(why)) return full_disk("'" + name + "' is not fetched: " + why);
  return {.code = "E364",
          .exit = ExitCode::not_found,
          .message = "the image '" + printable(name) + "' is not on this machine and cannot be had: " + shortened(why),
          .fix = "build it: smflow build; or sign in to its registry"};
}

Error full_disk(const std::string& why) {
  return {.code = "E393",
          .exit = ExitCode::machine,
          .message = "the disk of the container engine is full: " + shortened(why),
          .fix = "look what fills it: docker system df; then free it: docker builder prune, docker image prune"};
}

bool says_any_of(const std::string& text, std::initializer_list<std::string_view> signs) {
  const std::string upper = to_upper(text);
  return std::ranges::any_of(signs,
                             [&](std::string_view sign) { return upper.find(to_upper(sign)) != std::string::npos; });
}

bool says_full_disk(const std::string& text) {
  return says_any_of(text, {"no space left on device"});
}

Error as_error(const http::TransportError& error, const EngineAddress& address) {
  using Kind = http::TransportError::Kind;
  switch (error.kind) {
    case Kind::cancelled:
      return {.code = "E432", .exit = ExitCode::interrupted, .message = "cancelled: " + error.message};
    case Kind::local:
      return error.cause ? *error.cause : not_understood(error.message);
    case Kind::too_large:
      return not_understood(error.message);
    default:
      return no_engine(printable(address.shown) + ": " + error.message);
  }
}

Error as_error(const http::Response& response) {
  const std::string message = message_in(response);
  if (says_full_disk(message)) return full_disk(message);
  return refused(message, response.status == 404 ? ExitCode::not_found : ExitCode::machine);
}

}  // namespace smflow::docker
