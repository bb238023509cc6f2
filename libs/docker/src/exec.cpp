#include "failure.hpp"
#include "message_stream.hpp"
#include "text_forms.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <smflow/docker/exec.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t longest_head = 16u << 10;

Error no_socket(const EngineAddress& address) {
  return {.code = "E388",
          .exit = ExitCode::machine,
          .message = "a command in a container needs the engine's Unix socket, and " + address.shown + " is none",
          .fix = "work on the machine of the engine, with DOCKER_HOST unset or unix:///path"};
}

Result<UniqueFd> connect_socket(const std::string& path) {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!socket || path.size() >= sizeof address.sun_path) return tl::unexpected(no_engine("'" + path + "'"));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return tl::unexpected(no_engine(system_error_text(errno)));
  }
  return socket;
}

// The head of an answer, byte by byte: what follows belongs to the command.
Result<std::string> read_head(int socket) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    char byte = 0;
    const ssize_t got = ::read(socket, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || head.size() > longest_head) return tl::unexpected(not_understood("an answer that breaks off"));
    head += byte;
  }
  return head;
}

http::Request json_call(http::Request call, const Json& body) {
  call.headers.push_back({"Content-Type", "application/json"});
  call.body = http::body_of(body.dump(-1, ' ', false, Json::error_handler_t::replace));
  return call;
}

}  // namespace

Result<Exec> Exec::start(const Engine& engine, const std::string& container, const ExecRequest& request) {
  Json body{{"AttachStdin", true},     {"AttachStdout", true},   {"AttachStderr", true},
            {"Tty", request.terminal}, {"Cmd", request.command}, {"Env", request.environment}};
  if (request.privileged) body["Privileged"] = true;
  if (!request.folder.empty()) body["WorkingDir"] = request.folder;
  const std::string path = "/containers/" + escape_path(container) + "/exec";
  const auto answer = engine.expect(json_call(engine.request("POST", path), body), 201);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = parse_json(answer->body, "the engine's answer");
  std::string id = json && json->is_object() ? text_in(*json, "Id") : "";
  if (id.empty()) return tl::unexpected(not_understood("a command without an id"));
  Exec exec(engine, std::move(id));
  if (auto connected = exec.connect(request.terminal); !connected) return tl::unexpected(std::move(connected).error());
  return exec;
}

// The connection of this one call becomes the command's streams, which no HTTP library gives away.
Result<void> Exec::connect(bool terminal) {
  const EngineAddress& address = engine_->address();
  if (address.unix_socket.empty()) return tl::unexpected(no_socket(address));
  auto socket = connect_socket(address.unix_socket);
  if (!socket) return tl::unexpected(std::move(socket).error());
  const std::string body = Json{{"Detach", false}, {"Tty", terminal}}.dump();
  const std::string head = "POST /v" + engine_->version().api + "/exec/" + escape_path(id_) +
                           "/start HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
  const std::string call = head + body;
  if (::send(socket->get(), call.data(), call.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(call.size())) {
    return tl::unexpected(no_engine(system_error_text(errno)));
  }
  const auto answer = read_head(socket->get());
  if (!answer) return tl::unexpected(answer.error());
  const std::string status = answer->substr(0, answer->find("\r\n"));
  if (status.find(" 101 ") == std::string::npos && status.find(" 200 ") == std::string::npos) {
    return tl::unexpected(not_understood("'" + status + "' where a command was to start"));
  }
  stream_ = *std::move(socket);
  return {};
}

Result<void> Exec::resize(int rows, int columns) const {
  const std::string path =
      "/exec/" + escape_path(id_) + "/resize" + query({{"h", std::to_string(rows)}, {"w", std::to_string(columns)}});
  const auto answer = engine_->send(engine_->request("POST", path));
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Result<int> Exec::exit_code() const {
  const auto answer = engine_->expect(engine_->request("GET", "/exec/" + escape_path(id_) + "/json"), 200);
  if (!answer) return tl::unexpected(answer.error());
  const auto json = parse_json(answer->body, "the engine's answer");
  if (!json || !json->is_object()) return tl::unexpected(not_understood("a command without an end"));
  return static_cast<int>(number_in(*json, "ExitCode"));
}

}  // namespace smflow::docker
