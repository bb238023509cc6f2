#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/base/random.hpp>
#include <smflow/base/write_all.hpp>

namespace smflow {

namespace fs = std::filesystem;

namespace {

Error already_there(const fs::path& file) {
  return {.code = "E142",
          .exit = ExitCode::conflict,
          .message = "'" + file.string() + "' exists already and is never overwritten",
          .fix = "choose another name, or remove what is there"};
}

}  // namespace

Result<std::string> read_file(const fs::path& file, std::uint64_t limit) {
  const std::string what = "cannot read '" + file.string() + "'";
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return tl::unexpected(system_error(what, errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return tl::unexpected(system_error(what, errno));
  if (S_ISDIR(status.st_mode)) return tl::unexpected(system_error(what, EISDIR));
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected(Error{.code = "E901", .exit = ExitCode::machine, .message = what + ": not a regular file"});
  }
  const auto too_large = [&] {
    return tl::unexpected(Error{.code = "E901",
                                .exit = ExitCode::machine,
                                .message = what + ": larger than " + std::to_string(limit) + " bytes"});
  };
  // Files below /proc and /sys report size 0, so the size is only a first guess.
  if (static_cast<std::uint64_t>(status.st_size) > limit) return too_large();
  std::string content;
  content.reserve(static_cast<std::size_t>(status.st_size));
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error(what, errno));
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) return too_large();
  }
}

Result<void> write_file(const fs::path& file, std::string_view content, Overwrite overwrite) {
  std::error_code failed;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), failed);
  if (failed) {
    return tl::unexpected(system_error("cannot make the folder '" + file.parent_path().string() + "'", failed.value()));
  }
  auto out = AtomicFile::create(file, overwrite);
  if (!out) return tl::unexpected(std::move(out).error());
  if (auto written = out->write(content); !written) return written;
  return out->commit();
}

Result<AtomicFile> AtomicFile::create(fs::path file, Overwrite overwrite) {
  if (overwrite == Overwrite::exclusive && fs::exists(fs::symlink_status(file))) {
    return tl::unexpected(already_there(file));
  }
  SystemRandom random;
  std::string name;
  int fd = -1;
  for (int attempt = 0; attempt < 100 && fd < 0; ++attempt) {
    name = file.string() + ".tmp-" + random_suffix(random, 6);
    // Not mkostemp: its mode is 0600, and the umask that a file should have cannot be read without setting it, which
    // other threads would see.
    fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) return tl::unexpected(system_error("cannot write '" + file.string() + "'", errno));
  AtomicFile result;
  result.fd_.reset(fd);
  result.file_ = std::move(file);
  result.temporary_ = std::move(name);
  result.overwrite_ = overwrite;
  return result;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      overwrite_(other.overwrite_) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::write(std::string_view bytes) {
  return write_all(fd_.get(), bytes, file_.native());
}

Result<void> AtomicFile::commit() {
  const std::string what = "cannot write '" + file_.string() + "'";
  if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) return tl::unexpected(system_error(what, errno));
  if (overwrite_ == Overwrite::exclusive) {
    if (::link(temporary_.c_str(), file_.c_str()) != 0) {
      if (errno == EEXIST) return tl::unexpected(already_there(file_));
      return tl::unexpected(system_error(what, errno));
    }
    ::unlink(temporary_.c_str());
  } else if (::rename(temporary_.c_str(), file_.c_str()) != 0) {
    return tl::unexpected(system_error(what, errno));
  }
  temporary_.clear();
  fd_.reset();
  return {};
}

Result<TemporaryDirectory> TemporaryDirectory::create(const fs::path& parent, std::string_view prefix) {
  std::error_code failed;
  fs::create_directories(parent, failed);
  std::string name = (parent / prefix).string() + "XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    return tl::unexpected(system_error("cannot make a folder in '" + parent.string() + "'", errno));
  }
  return TemporaryDirectory(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

bool is_safe_relative_path(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

fs::path program_directory() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::current_path() : program.parent_path();
}

fs::path user_cache_directory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && cache[0] == '/')
    return fs::path(cache) / "smflow";
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/')
    return fs::path(home) / ".cache" / "smflow";
  return fs::temp_directory_path() / ("smflow-" + std::to_string(::geteuid()));
}

}  // namespace smflow
