#include "cache_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace smflow::images {

namespace fs = std::filesystem;

namespace {

constexpr char magic[16] = "smflow pixels\n";
constexpr std::uint32_t version = 1;

struct Header {
  char magic[16];
  std::uint32_t version;
  std::uint32_t zero;
  std::uint64_t count;
  std::uint64_t entry_bytes;
  char transform[256];
};
static_assert(sizeof(Header) == 296);

Header make_header(const CacheShape& shape) {
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.version = version;
  header.count = shape.count;
  header.entry_bytes = shape.entry_bytes;
  shape.transform.copy(header.transform, sizeof header.transform - 1);
  return header;
}

std::uint8_t* map(int fd, std::size_t bytes, int protection) {
  void* address = ::mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  return address == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(address);
}

tl::unexpected<Error> cannot_make(const fs::path& file) {
  return tl::unexpected(system_error("cannot make the cache of decoded pictures '" + file.string() + "'", errno));
}

}  // namespace

CacheMapping::~CacheMapping() {
  if (bytes_ != nullptr) ::munmap(bytes_, shape_.file_bytes());
}

CacheMapping& CacheMapping::operator=(CacheMapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(shape_, other.shape_);
  return *this;
}

std::uint64_t& CacheMapping::key_place(std::size_t index) const {
  return reinterpret_cast<std::uint64_t*>(bytes_ + 4096)[index];
}

std::uint64_t CacheMapping::key(std::size_t index) const {
  return std::atomic_ref<std::uint64_t>(key_place(index)).load(std::memory_order_acquire);
}

void CacheMapping::set_key(std::size_t index, std::uint64_t key) {
  std::atomic_ref<std::uint64_t>(key_place(index)).store(key, std::memory_order_release);
}

ExistingCache open_cache(const fs::path& file, const CacheShape& shape) {
  ExistingCache existing;
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    existing.foreign = errno != ENOENT;
    return existing;
  }
  struct stat status {};
  Header header{};
  const bool regular = ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode);
  const ssize_t got = regular ? ::pread(fd.get(), &header, sizeof header, 0) : -1;
  if (got != sizeof header || std::memcmp(header.magic, magic, sizeof magic) != 0) {
    existing.foreign = true;
    return existing;
  }
  const Header wanted = make_header(shape);
  if (std::memcmp(&header, &wanted, sizeof header) != 0) return existing;
  if (static_cast<std::uint64_t>(status.st_size) != shape.file_bytes()) return existing;
  // The keys are read through atomic_ref, which wants writable memory by its type, never in fact.
  if (std::uint8_t* bytes = map(fd.get(), shape.file_bytes(), PROT_READ)) {
    existing.mapping = CacheMapping(bytes, shape);
  }
  return existing;
}

Result<NewCache> NewCache::create(const fs::path& file, const CacheShape& shape) {
  NewCache cache;
  cache.file_ = file;
  if (auto opened = cache.open(); !opened) return tl::unexpected(std::move(opened).error());
  if (auto filled = cache.fill(shape); !filled) return tl::unexpected(std::move(filled).error());
  return cache;
}

Result<void> NewCache::open() {
  const fs::path folder = file_.has_parent_path() ? file_.parent_path() : fs::path(".");
  std::error_code shown_by_open;
  fs::create_directories(folder, shown_by_open);
  fd_.reset(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644));
  if (fd_) return {};
  std::string name = file_.string() + ".tmp-XXXXXX";
  fd_.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd_) return cannot_make(file_);
  temporary_ = name;
  return {};
}

Result<void> NewCache::fill(const CacheShape& shape) {
  errno = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(shape.file_bytes()));
  if (errno != 0) return cannot_make(file_);
  std::uint8_t* bytes = map(fd_.get(), shape.file_bytes(), PROT_READ | PROT_WRITE);
  if (bytes == nullptr) return cannot_make(file_);
  const Header header = make_header(shape);
  std::memcpy(bytes, &header, sizeof header);
  mapping_ = CacheMapping(bytes, shape);
  return {};
}

NewCache::NewCache(NewCache&& other) noexcept
    : file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::move(other.fd_)),
      mapping_(std::move(other.mapping_)) {}

NewCache::~NewCache() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

// linkat refuses a name that exists, so a nameless file gets a temporary name first and replaces by rename.
Result<void> NewCache::give_temporary_name() {
  char self[64];
  std::snprintf(self, sizeof self, "/proc/self/fd/%d", fd_.get());
  fs::path name = file_;
  name += ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(fd_.get());
  ::unlink(name.c_str());
  if (::linkat(AT_FDCWD, self, AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) return cannot_make(file_);
  temporary_ = std::move(name);
  return {};
}

Result<void> NewCache::publish() {
  if (::fdatasync(fd_.get()) != 0) return cannot_make(file_);
  if (temporary_.empty()) {
    if (auto named = give_temporary_name(); !named) return named;
  }
  if (::rename(temporary_.c_str(), file_.c_str()) != 0) return cannot_make(file_);
  temporary_.clear();
  return {};
}

}  // namespace smflow::images
