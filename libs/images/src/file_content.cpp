#include "file_content.hpp"

#include "decoded.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::images {

namespace {

constexpr std::uint64_t most_bytes = 1ull << 30;

tl::unexpected<Error> failed() {
  return tl::unexpected(unreadable("cannot be read: " + system_error_text(errno)));
}

}  // namespace

Result<std::span<const std::uint8_t>> read_content(const std::filesystem::path& file, ByteBuffer& buffer) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return failed();
  if (!S_ISREG(status.st_mode)) return tl::unexpected(unreadable("is not a regular file"));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size == 0) return tl::unexpected(unreadable("is empty"));
  if (size > most_bytes) {
    return tl::unexpected(unreadable("is too large: " + format_bytes(static_cast<double>(size))));
  }
  std::uint8_t* bytes = buffer.reserve(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(fd.get(), bytes + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return std::span<const std::uint8_t>(bytes, done);
}

}  // namespace smflow::images
