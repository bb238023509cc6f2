#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow {

// The whole file; refuses anything but a regular file (a FIFO or /dev/zero never ends) and more than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& file, std::uint64_t limit = 64ull << 20);

// Writes the file whole or not at all: a temporary file beside it, fsync, rename. Makes missing parent folders. An
// existing file is replaced, except with `exclusive`, where it is error E142 (conflict).
enum class Overwrite { replace, exclusive };
Result<void> write_file(const std::filesystem::path& file, std::string_view content,
                        Overwrite overwrite = Overwrite::replace);

// A file that appears under its name only when `commit` succeeded; otherwise nothing is left behind.
class AtomicFile {
 public:
  static Result<AtomicFile> create(std::filesystem::path file, Overwrite overwrite = Overwrite::replace);
  ~AtomicFile();
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;

  int fd() const { return fd_.get(); }
  Result<void> write(std::string_view bytes);
  Result<void> commit();

 private:
  AtomicFile() = default;
  UniqueFd fd_;
  std::filesystem::path file_;
  std::filesystem::path temporary_;
  Overwrite overwrite_ = Overwrite::replace;
};

// A fresh folder "<parent>/<prefix>XXXXXX" with mode 0700, removed with its content by the destructor.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> create(const std::filesystem::path& parent, std::string_view prefix);
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// True when `path` is a relative path that stays below where it is put: not empty, not absolute, no "..", no empty or
// "." component, no NUL. Every name from outside (tar member, object key, channel) passes here before it is used.
bool is_safe_relative_path(std::string_view path);

// Folder of the running program, symlinks resolved.
std::filesystem::path program_directory();

// $XDG_CACHE_HOME/smflow, else ~/.cache/smflow, else a folder below the system's temporary folder.
std::filesystem::path user_cache_directory();

}  // namespace smflow
