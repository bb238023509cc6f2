#include "support/scripted_server.hpp"

#include "support/scripted_connection.hpp"

#include <algorithm>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace smflow::test {

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)), used_(script_.rules.size()) {
  listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), generic, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::ScriptedServer(const std::filesystem::path& socket, std::vector<Rule> rules)
    : script_{std::move(rules)}, used_(script_.rules.size()) {
  listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_.get(), 64) != 0) {
    throw std::runtime_error("cannot listen on " + socket.string());
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (Connection& connection : open_) connection.wake();
}

std::string ScriptedServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<RecordedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) return;
    const std::lock_guard lock(mutex_);
    if (++connections_ <= script_.reset_connections) {
      reset_socket(socket);
    } else {
      open_.emplace_back(*this, std::move(socket), connections_);
    }
  }
}

bool ScriptedServer::chooses_by_body() const {
  return std::ranges::any_of(script_.rules, [](const Rule& rule) { return !rule.holds.empty(); });
}

std::optional<Rule> ScriptedServer::take_rule(const RecordedRequest& request, std::string_view body) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string target = request.header("x-amz-target");
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < script_.rules.size(); ++i) {
    const Rule& rule = script_.rules[i];
    if (rule.times != 0 && used_[i] >= rule.times) continue;
    if (!rule.method.empty() && rule.method != request.method) continue;
    if (!rule.path.empty() && rule.path != path) continue;
    if (!rule.operation.empty() && !target.ends_with("." + rule.operation)) continue;
    if (body.find(rule.holds) == std::string_view::npos) continue;
    ++used_[i];
    return rule;
  }
  return std::nullopt;
}

std::size_t ScriptedServer::record(RecordedRequest request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  return requests_.size() - 1;
}

void ScriptedServer::add_body(std::size_t request, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  requests_[request].body += bytes;
}

bool ScriptedServer::pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  if (duration.count() == 0) {
    stopped_.wait(lock, [this] { return stop_; });
  } else {
    stopped_.wait_for(lock, duration, [this] { return stop_; });
  }
  return !stop_;
}

}  // namespace smflow::test
