#include "write_all.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

namespace smflow::training {

Result<void> write_all(int fd, std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected(system_error(fmt::format("cannot write '{}'", name), errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace smflow::training
