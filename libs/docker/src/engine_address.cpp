#include "failure.hpp"

#include <cerrno>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/docker/engine_address.hpp>

namespace smflow::docker {

namespace {

constexpr std::string_view unix_scheme = "unix://";
constexpr std::string_view tcp_scheme = "tcp://";
// sockaddr_un::sun_path with its NUL.
constexpr std::size_t longest_socket_path = 107;

Error bad_host(const std::string& host) {
  return {.code = "E359",
          .exit = ExitCode::usage,
          .message = "DOCKER_HOST is '" + printable(host) + "', which is no place of an engine",
          .fix = "write unix:///path/of/the/socket or tcp://host:2375"};
}

EngineAddress at_socket(const std::string& path) {
  return {.unix_socket = path, .url = "http://engine", .shown = std::string(unix_scheme) + path};
}

Result<EngineAddress> address_of(const std::string& host) {
  const std::string_view text = host;
  if (text.starts_with(tcp_scheme)) {
    const std::string_view place = text.substr(tcp_scheme.size());
    const bool sound = !place.empty() && place.find_first_of("/?#@ ") == std::string_view::npos;
    if (!sound) return tl::unexpected(bad_host(host));
    return EngineAddress{.url = "http://" + std::string(place), .shown = host};
  }
  const std::string path(text.starts_with(unix_scheme) ? text.substr(unix_scheme.size()) : "");
  if (!path.starts_with('/') || path.size() > longest_socket_path) return tl::unexpected(bad_host(host));
  return at_socket(path);
}

std::vector<std::string> usual_sockets(const EnvironmentLookup& environment) {
  std::vector<std::string> sockets = {"/var/run/docker.sock"};
  if (const auto runtime = environment("XDG_RUNTIME_DIR"); runtime && !runtime->empty()) {
    sockets.push_back(*runtime + "/docker.sock");
    sockets.push_back(*runtime + "/podman/podman.sock");
  }
  if (const auto home = environment("HOME"); home && !home->empty())
    sockets.push_back(*home + "/.docker/run/docker.sock");
  sockets.emplace_back("/run/podman/podman.sock");
  return sockets;
}

// 0, or why the socket cannot be used: EACCES, ENOENT, ENOTSOCK.
int trouble_with(const std::string& socket) {
  struct stat status {};
  if (::stat(socket.c_str(), &status) != 0) return errno;
  if (!S_ISSOCK(status.st_mode)) return ENOTSOCK;
  return ::access(socket.c_str(), R_OK | W_OK) == 0 ? 0 : errno;
}

Result<EngineAddress> checked(const EngineAddress& address) {
  if (address.unix_socket.empty()) return address;
  const int trouble = trouble_with(address.unix_socket);
  if (trouble == EACCES) return tl::unexpected(no_permission(address.unix_socket));
  if (trouble != 0) return tl::unexpected(no_engine(printable(address.shown) + ": " + system_error_text(trouble)));
  return address;
}

}  // namespace

Result<EngineAddress> find_engine(const EnvironmentLookup& environment) {
  if (const auto host = environment("DOCKER_HOST"); host && !host->empty()) return address_of(*host).and_then(checked);
  const std::vector<std::string> sockets = usual_sockets(environment);
  std::string forbidden;
  for (const std::string& socket : sockets) {
    const int trouble = trouble_with(socket);
    if (trouble == 0) return at_socket(socket);
    if (trouble == EACCES && forbidden.empty()) forbidden = socket;
  }
  if (!forbidden.empty()) return tl::unexpected(no_permission(forbidden));
  return tl::unexpected(no_engine("there is no socket at any of " + join(sockets, ", ")));
}

}  // namespace smflow::docker
