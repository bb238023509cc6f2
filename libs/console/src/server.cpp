#include "socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <list>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <smflow/console/server.hpp>

namespace smflow::console {

namespace {

constexpr WindowSize usual_size{40, 120};
// Of what was printed, for one who joins.
constexpr std::size_t shown_again = 8u << 10;
constexpr int client_bytes = 1 << 20;

struct Client {
  UniqueFd socket;
  FrameReader frames;
};

// "\r\n", which a terminal makes of "\n", as "\n". The end of a piece may cut one in two.
class LineEnds {
 public:
  std::string plain(std::string_view piece) {
    std::string text = held_ ? "\r" : "";
    text.append(piece);
    held_ = text.ends_with('\r');
    if (held_) text.pop_back();
    std::size_t to = 0;
    for (std::size_t from = 0; from < text.size(); ++from) {
      if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
      text[to++] = text[from];
    }
    text.resize(to);
    return text;
  }

 private:
  bool held_ = false;
};

Error cannot_open(std::string message) {
  return {.code = "E386",
          .exit = ExitCode::machine,
          .message = std::move(message),
          .fix = "look that the program's user may write to /tmp/smflow, and that /dev/ptmx is there"};
}

}  // namespace

struct Server::Parts {
  UniqueFd terminal;
  UniqueFd program_side;
  UniqueFd listener;
  std::filesystem::path folder;
  UniqueFd wake{::eventfd(0, EFD_CLOEXEC)};
  UniqueFd log;
  std::function<void()> on_join;
  std::list<Client> clients;
  std::string recent;
  LineEnds line_ends;
  std::thread thread;

  void run();
  bool copy_output();
  void write_log(std::string_view text);
  void accept_client();
  void read_client(Client& client);
  void type(std::string_view keys);
  void joined();
  bool own_terminal() const { return ::isatty(STDIN_FILENO) != 0; }
};

Result<std::unique_ptr<Server>> Server::open(const std::filesystem::path& folder) {
  auto parts = std::make_unique<Parts>();
  parts->folder = folder;
  parts->terminal.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (parts->terminal && ::unlockpt(parts->terminal.get()) == 0) {
    // Not by its name, which another /dev/pts may have.
    parts->program_side.reset(::ioctl(parts->terminal.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  }
  if (!parts->program_side) {
    return tl::unexpected(cannot_open(system_error("cannot make a pseudo-terminal", errno).message));
  }
  set_window_size(parts->terminal.get(), window_size(STDIN_FILENO).value_or(usual_size));
  auto listener = listen_in(folder);
  if (!listener) return tl::unexpected(cannot_open(listener.error().message));
  parts->listener = *std::move(listener);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  stop();
}

int Server::program_side() const {
  return parts_->program_side.get();
}

void Server::start(UniqueFd log, std::function<void()> on_join) {
  parts_->program_side.reset();
  parts_->log = std::move(log);
  parts_->on_join = std::move(on_join);
  ::fcntl(parts_->log.get(), F_SETFL, O_NONBLOCK);
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

void Server::take_window_size() const {
  if (const auto size = window_size(STDIN_FILENO)) set_window_size(parts_->terminal.get(), *size);
}

void Server::stop() {
  if (!parts_->thread.joinable()) return;
  ::eventfd_write(parts_->wake.get(), 1);
  parts_->thread.join();
  parts_->log.reset();
  parts_->clients.clear();
  std::error_code ignored;
  std::filesystem::remove(parts_->folder / socket_name, ignored);
}

void Server::Parts::run() {
  const RawTerminal raw(STDIN_FILENO, Printing::by_lines);
  for (;;) {
    std::vector<pollfd> events{{wake.get(), POLLIN, 0},
                               {terminal.get(), POLLIN, 0},
                               {listener.get(), POLLIN, 0},
                               {own_terminal() ? STDIN_FILENO : -1, POLLIN, 0}};
    for (const Client& client : clients) events.push_back({client.socket.get(), POLLIN, 0});
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    std::size_t at = 4;
    for (Client& client : clients) {
      if (events[at++].revents != 0) read_client(client);
    }
    clients.remove_if([](const Client& client) { return !client.socket; });
    if (events[2].revents != 0) accept_client();
    if (events[3].revents != 0) {
      std::array<char, 4096> keys{};
      const ssize_t got = ::read(STDIN_FILENO, keys.data(), keys.size());
      if (got > 0) {
        joined();
        type({keys.data(), static_cast<std::size_t>(got)});
      }
    }
    if (events[1].revents != 0 && !copy_output()) return;
    if (events[0].revents != 0) break;
  }
  // The program is gone: what it has left in the terminal, and no more than that.
  ::fcntl(terminal.get(), F_SETFL, O_NONBLOCK);
  while (copy_output()) {
  }
}

// False at the end: nobody has the program's side any more, or there is nothing more to read now.
bool Server::Parts::copy_output() {
  std::array<char, 16384> buffer;
  const ssize_t got = ::read(terminal.get(), buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
  recent.append(piece);
  if (recent.size() > 2 * shown_again) recent.erase(0, recent.size() - shown_again);
  for (Client& client : clients) {
    // One who does not read is let go, so that the program need not wait for anybody.
    const ssize_t sent = ::send(client.socket.get(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != got) client.socket.reset();
  }
  clients.remove_if([](const Client& client) { return !client.socket; });
  write_log(line_ends.plain(piece));
  return true;
}

// Gives up when we are to stop: the log's reader may have stalled.
void Server::Parts::write_log(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(log.get(), text.data(), text.size());
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    if (written > 0 || (written < 0 && errno == EINTR)) continue;
    if (errno != EAGAIN) return;
    std::array<pollfd, 2> ready{{{log.get(), POLLOUT, 0}, {wake.get(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), -1);
    if (ready[0].revents == 0 && ready[1].revents != 0) return;
  }
}

void Server::Parts::accept_client() {
  UniqueFd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket) return;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &client_bytes, sizeof client_bytes);
  const std::string_view before = std::string_view(recent).substr(recent.size() - std::min(recent.size(), shown_again));
  ::send(socket.get(), before.data(), before.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  clients.push_back({std::move(socket), {}});
  joined();
}

void Server::Parts::read_client(Client& client) {
  std::array<char, 16384> buffer;
  const ssize_t got = ::recv(client.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return client.socket.reset();
  client.frames.feed({buffer.data(), static_cast<std::size_t>(got)},
                     {.keys = [this](std::string_view keys) { type(keys); },
                      .window = [this](WindowSize size) { set_window_size(terminal.get(), size); }});
}

// A program that never reads its terminal fills it up: what does not fit is lost, as on any terminal.
void Server::Parts::type(std::string_view keys) {
  pollfd ready{.fd = terminal.get(), .events = POLLOUT, .revents = 0};
  if (::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0) {
    [[maybe_unused]] const ssize_t typed = ::write(terminal.get(), keys.data(), keys.size());
  }
}

void Server::Parts::joined() {
  if (on_join) std::exchange(on_join, nullptr)();
}

}  // namespace smflow::console
