#include "socket.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace smflow::console {

namespace fs = std::filesystem;

namespace {

void append_number(std::string& text, std::size_t value) {
  text += static_cast<char>(value >> 8 & 0xff);
  text += static_cast<char>(value & 0xff);
}

std::size_t number_at(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8 | static_cast<unsigned char>(text[at + 1]);
}

// Through /proc, so that the path is short whatever the folder's is.
sockaddr_un address_in(const UniqueFd& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/" + socket_name;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

template <class Call>
Result<UniqueFd> with_socket(const fs::path& folder, const char* what, const Call& call) {
  const UniqueFd directory(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (directory && socket) {
    const sockaddr_un address = address_in(directory);
    if (call(socket.get(), reinterpret_cast<const sockaddr*>(&address), socklen_t{sizeof address}) == 0) return socket;
  }
  return tl::unexpected(system_error(what + (" '" + (folder / socket_name).string() + "'"), errno));
}

}  // namespace

std::string keys_frame(std::string_view keys) {
  std::string text(1, frame::keys);
  append_number(text, keys.size());
  return text.append(keys);
}

std::string window_frame(WindowSize size) {
  std::string text(1, frame::window);
  append_number(text, 4);
  append_number(text, size.rows);
  append_number(text, size.columns);
  return text;
}

void FrameReader::feed(std::string_view bytes, const Taker& taker) {
  pending_.append(bytes);
  std::string_view rest = pending_;
  while (rest.size() >= frame::header) {
    const std::size_t size = number_at(rest, 1);
    if (rest.size() < frame::header + size) break;
    const std::string_view content = rest.substr(frame::header, size);
    if (rest[0] == frame::keys) taker.keys(content);
    if (rest[0] == frame::window && size == 4) {
      taker.window(
          {static_cast<unsigned short>(number_at(content, 0)), static_cast<unsigned short>(number_at(content, 2))});
    }
    rest.remove_prefix(frame::header + size);
  }
  pending_.erase(0, pending_.size() - rest.size());
}

Result<UniqueFd> listen_in(const fs::path& folder) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  fs::remove(folder / socket_name, ignored);
  auto socket = with_socket(folder, "cannot listen at", [](int fd, const sockaddr* address, socklen_t size) {
    return ::bind(fd, address, size) == 0 ? ::listen(fd, 8) : -1;
  });
  // The folder says who may join: inside of a container the program is another user than the one outside.
  if (socket) ::chmod((folder / socket_name).c_str(), 0666);
  return socket;
}

Result<UniqueFd> connect_in(const fs::path& folder) {
  return with_socket(folder, "cannot join", ::connect);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EAGAIN) {
      pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return false;
    } else if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  return true;
}

}  // namespace smflow::console
