#include "failure.hpp"
#include "message_stream.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/docker/engine.hpp>
#include <smflow/http/unix_socket.hpp>

namespace smflow::docker {

namespace {

constexpr int oldest_minor = 40;
constexpr int newest_minor = 47;

// 41 of "1.41"; none of anything else.
std::optional<int> minor_of(std::string_view version) {
  if (!version.starts_with("1.")) return std::nullopt;
  int minor = 0;
  const char* const end = version.data() + version.size();
  const auto read = std::from_chars(version.data() + 2, end, minor);
  return read.ec == std::errc() && read.ptr == end && minor >= 0 ? std::optional(minor) : std::nullopt;
}

Error too_old(const std::string& version) {
  return {.code = "E352",
          .exit = ExitCode::machine,
          .message = "the container engine speaks API " + version + " at most, and 1." + std::to_string(oldest_minor) +
                     " is needed",
          .fix = "install Docker 19.03 or newer, or Podman 3 or newer"};
}

Result<Json> json_of(const http::Response& response) {
  auto json = parse_json(response.body, "the engine's answer");
  if (!json) return tl::unexpected(not_understood(json.error().message));
  if (!json->is_object()) return tl::unexpected(not_understood("no JSON object"));
  return json;
}

}  // namespace

Result<Engine> Engine::connect(const EngineAddress& address, http::Transport& transport) {
  Engine engine(address, transport);
  if (auto known = engine.negotiate(); !known) return tl::unexpected(std::move(known).error());
  return engine;
}

Result<void> Engine::negotiate() {
  const auto ping = expect(request("GET", "/_ping"), 200);
  if (!ping) return tl::unexpected(ping.error());
  const std::string theirs(http::find_header(ping->headers, "Api-Version").value_or(""));
  const auto minor = minor_of(theirs);
  if (!minor) return tl::unexpected(not_understood("no API version in the answer of " + address_.shown));
  if (*minor < oldest_minor) return tl::unexpected(too_old(theirs));
  version_.api = "1." + std::to_string(std::min(*minor, newest_minor));
  version_.buildkit = http::find_header(ping->headers, "Builder-Version").value_or("") == "2";
  const auto answer = expect(request("GET", "/version"), 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto version = json_of(*answer);
  if (!version) return tl::unexpected(version.error());
  version_.engine = text_in(*version, "Version");
  version_.os = text_in(*version, "Os");
  version_.architecture = text_in(*version, "Arch");
  version_.podman = text_in(version->value("/Components/0"_json_pointer, Json::object()), "Name") == "Podman Engine";
  return {};
}

http::Request Engine::request(std::string method, const std::string& path) const {
  const std::string prefix = version_.api.empty() ? "" : "/v" + version_.api;
  http::Request request{.method = std::move(method), .url = address_.url + prefix + path};
  // A step of a build is silent for as long as it takes.
  request.limits.stall = std::chrono::seconds(0);
  request.limits.floor = 0;
  return request;
}

Result<http::Response> Engine::send(const http::Request& request) const {
  auto response = transport_->send(request);
  if (!response) return tl::unexpected(as_error(response.error(), address_));
  return *std::move(response);
}

Result<http::Response> Engine::expect(const http::Request& request, int status) const {
  auto response = send(request);
  if (response && response->status != status) return tl::unexpected(as_error(*response));
  return response;
}

Result<std::shared_ptr<const Engine>> connect_to(const EngineAddress& address, const std::string& user_agent) {
  struct Connection {
    std::unique_ptr<http::Transport> transport;
    std::optional<Engine> engine;
  };
  const auto connection = std::make_shared<Connection>(Connection{transport_to(address, user_agent), {}});
  auto engine = Engine::connect(address, *connection->transport);
  if (!engine) return tl::unexpected(std::move(engine).error());
  connection->engine.emplace(*std::move(engine));
  return std::shared_ptr<const Engine>(connection, &*connection->engine);
}

std::unique_ptr<http::Transport> transport_to(const EngineAddress& address, const std::string& user_agent) {
  if (address.unix_socket.empty()) return http::make_transport({.user_agent = user_agent});
  return http::make_unix_transport(address.unix_socket, user_agent);
}

}  // namespace smflow::docker
