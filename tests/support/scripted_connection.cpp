#include "support/scripted_connection.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <sys/socket.h>

#include <smflow/base/text.hpp>

namespace smflow::test {

void reset_socket(UniqueFd& socket) {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.reset();
}

namespace {

std::string to_lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

RecordedRequest parse_head(std::string_view head, int connection) {
  RecordedRequest request = {.method = {}, .target = {}, .headers = {}, .body = {}, .connection = connection};
  const std::vector<std::string> lines = split(head, '\n');
  const std::vector<std::string> words = split(trim(lines.front()), ' ');
  request.method = words.front();
  if (words.size() > 1) request.target = words[1];
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (&line == &lines.front() || colon == std::string::npos) continue;
    request.headers.emplace_back(to_lower(line.substr(0, colon)), trim(std::string_view(line).substr(colon + 1)));
  }
  return request;
}

}  // namespace

std::string RecordedRequest::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

ScriptedServer::Connection::Connection(ScriptedServer& server, UniqueFd socket, int number)
    : server_(server), number_(number), socket_(std::move(socket)), thread_([this] { serve(); }) {}

void ScriptedServer::Connection::wake() {
  const std::lock_guard lock(closing_);
  ::shutdown(socket_.get(), SHUT_RDWR);
}

void ScriptedServer::Connection::serve() {
  while (const auto head = read_head()) {
    const RecordedRequest& request = head->request;
    body_left_ = head->body_size;
    if (server_.chooses_by_body() && !wait_for_body()) return;
    const auto rule = server_.take_rule(request, std::string_view(buffer_).substr(0, body_left_));
    const std::size_t index = server_.record(request);
    if (!play(rule.value_or(Rule{{answer(404, "not in the script")}}), index)) return;
    if (!read_body(index, body_left_)) break;
  }
  end(false);
}

std::optional<ScriptedServer::Connection::Head> ScriptedServer::Connection::read_head() {
  std::size_t size;
  while ((size = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  Head head = {.request = parse_head(std::string_view(buffer_).substr(0, size), number_), .body_size = 0};
  buffer_.erase(0, size + 4);
  const std::string length = head.request.header("content-length");
  std::from_chars(length.data(), length.data() + length.size(), head.body_size);
  return head;
}

bool ScriptedServer::Connection::wait_for_body() {
  while (buffer_.size() < body_left_) {
    if (!receive()) return false;
  }
  return true;
}

bool ScriptedServer::Connection::read_body(std::size_t request, std::size_t bytes) {
  bytes = std::min(bytes, body_left_);
  while (bytes > 0) {
    if (buffer_.empty() && !receive()) return false;
    const std::size_t taken = std::min(bytes, buffer_.size());
    server_.add_body(request, std::string_view(buffer_).substr(0, taken));
    buffer_.erase(0, taken);
    bytes -= taken;
    body_left_ -= taken;
  }
  return true;
}

bool ScriptedServer::Connection::play(const Rule& rule, std::size_t request) {
  if (rule.read_body && !read_body(request, body_left_)) {
    end(false);
    return false;
  }
  return std::ranges::all_of(rule.actions, [&](const Action& action) { return play(action, request); });
}

// False when the connection is at its end.
bool ScriptedServer::Connection::play(const Action& action, std::size_t request) {
  bool open = true;
  switch (action.kind) {
    case Action::Kind::send:
      for (std::size_t i = 0; i < action.count && open; ++i) open = send_all(action.bytes);
      break;
    case Action::Kind::drip:
      for (const char& c : action.bytes) open = open && send_all({&c, 1}) && server_.pause(action.duration);
      break;
    case Action::Kind::read:
      open = read_body(request, action.count);
      break;
    case Action::Kind::stall:
      open = server_.pause(action.duration);
      break;
    case Action::Kind::close:
    case Action::Kind::reset:
      open = false;
      break;
  }
  if (!open) end(action.kind == Action::Kind::reset);
  return open;
}

bool ScriptedServer::Connection::receive() {
  char piece[16384];
  const ssize_t size = ::recv(socket_.get(), piece, sizeof piece, 0);
  if (size <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(size));
  return true;
}

bool ScriptedServer::Connection::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void ScriptedServer::Connection::end(bool reset) {
  const std::lock_guard lock(closing_);
  if (reset) reset_socket(socket_);
  socket_.reset();
}

}  // namespace smflow::test
