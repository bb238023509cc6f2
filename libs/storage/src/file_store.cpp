#include "file_store.hpp"

#include "beneath.hpp"
#include "pending_object.hpp"
#include "regular_files.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include <fcntl.h>

#include <smflow/base/files.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

std::string_view folder_of(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return slash == std::string_view::npos ? "" : key.substr(0, slash);
}

std::string_view name_of(std::string_view key) {
  return key.substr(key.rfind('/') + 1);  // npos + 1 is 0
}

// The time to give a copy of a file. A file that changed within the last ticks of the file system's clock may change
// again under the same time; its copy gets a time that never compares equal, so that the next sync looks again.
std::int64_t time_for_copy(const struct stat& status) {
  constexpr std::int64_t ticks = 20'000'000;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::int64_t modified = modification_time(status);
  const std::int64_t age = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec - modified;
  return age >= 0 && age < ticks ? modified - 1 : modified;
}

}  // namespace

Error bad_key(std::string_view key) {
  return {.code = "E151",
          .exit = ExitCode::configuration,
          .message = "'" + std::string(key) + "' is not a key of a store",
          .fix =
              "write a relative path without \"..\", \".\" or an empty part, and with a name that does not end with "
              "\".tmp\""};
}

Result<void> check_key(std::string_view key) {
  if (is_safe_relative_path(key) && !is_temporary_name(name_of(key))) return {};
  return tl::unexpected(bad_key(key));
}

std::string FileStore::uri() const {
  return "file://" + root_.string();
}

std::string FileStore::uri(std::string_view key) const {
  return "file://" + (root_ / key).string();
}

Error FileStore::cannot(std::string_view action, std::string_view key, int errno_value) const {
  const std::string what = "cannot " + std::string(action) + " '" + uri(key) + "'";
  if (errno_value == EXDEV) {
    return {.code = "E141",
            .exit = ExitCode::permission,
            .message = what + ": a symbolic link on the way leaves the store",
            .fix = "replace the link by the folder itself, or open the store at the folder the link points to"};
  }
  if (errno_value == ENOTDIR || errno_value == EISDIR) {
    return {.code = "E143",
            .exit = ExitCode::conflict,
            .message = what + ": a file stands where a folder is needed, or the other way round",
            .fix = "rename or remove one of the two"};
  }
  return system_error(what, errno_value);
}

Result<UniqueFd> FileStore::open_object(std::string_view key) const {
  if (auto checked = check_key(key); !checked) return tl::unexpected(std::move(checked).error());
  const UniqueFd root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  UniqueFd object;
  if (root) object = open_beneath(root.get(), key, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  const bool opened = object && ::fstat(object.get(), &status) == 0;
  if (opened && S_ISREG(status.st_mode)) return object;
  if (!opened && errno != ENOENT && errno != ENOTDIR) return tl::unexpected(cannot("read", key, errno));
  return tl::unexpected(Error{.code = "E150",
                              .exit = ExitCode::not_found,
                              .message = "there is no '" + uri(key) + "'",
                              .fix = "check the name, and list what is there"});
}

Result<UniqueFd> FileStore::open_folder_of(std::string_view key) const {
  if (auto checked = check_key(key); !checked) return tl::unexpected(std::move(checked).error());
  std::error_code failed;
  fs::create_directories(root_, failed);
  if (failed) return tl::unexpected(system_error("cannot make the folder '" + root_.string() + "'", failed.value()));
  const UniqueFd root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return tl::unexpected(cannot("write", key, errno));
  UniqueFd folder = make_folders_beneath(root.get(), folder_of(key));
  if (!folder) return tl::unexpected(cannot("write", key, errno));
  return folder;
}

Result<void> FileStore::put(std::string_view key, std::string_view content, bool only_new) {
  auto folder = open_folder_of(key);
  if (!folder) return tl::unexpected(std::move(folder).error());
  auto object = PendingObject::create(*std::move(folder), std::string(name_of(key)), uri(key));
  if (!object) return tl::unexpected(std::move(object).error());
  if (auto written = object->write(content); !written) return written;
  return object->commit(only_new);
}

Result<void> FileStore::put_file(std::string_view key, const fs::path& file, bool only_new) {
  const UniqueFd source(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!source || ::fstat(source.get(), &status) != 0) {
    return tl::unexpected(system_error("cannot read '" + file.string() + "'", errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected(Error{.code = "E901",
                                .exit = ExitCode::machine,
                                .message = "cannot read '" + file.string() + "': not a regular file"});
  }
  const std::int64_t modified = time_for_copy(status);
  auto folder = open_folder_of(key);
  if (!folder) return tl::unexpected(std::move(folder).error());
  auto object = PendingObject::create(*std::move(folder), std::string(name_of(key)), uri(key));
  if (!object) return tl::unexpected(std::move(object).error());
  if (auto copied = object->copy_from(source.get()); !copied) return copied;
  if (auto set = object->set_modified(modified); !set) return set;
  return object->commit(only_new);
}

Result<std::string> FileStore::get(std::string_view key, std::uint64_t limit) {
  const auto object = open_object(key);
  if (!object) return tl::unexpected(object.error());
  std::string content;
  std::vector<char> buffer(64u << 10);
  for (;;) {
    const ssize_t got = ::read(object->get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(cannot("read", key, errno));
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return tl::unexpected(
          Error{.code = "E901",
                .exit = ExitCode::machine,
                .message = "cannot read '" + uri(key) + "': larger than " + std::to_string(limit) + " bytes"});
    }
  }
}

Result<std::string> FileStore::get_range(std::string_view key, std::uint64_t first, std::uint64_t length) {
  const auto object = open_object(key);
  if (!object) return tl::unexpected(object.error());
  struct stat status {};
  if (::fstat(object->get(), &status) != 0) return tl::unexpected(cannot("read", key, errno));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  std::string bytes(std::min(length, size - std::min(first, size)), '\0');
  std::size_t read = 0;
  while (read < bytes.size()) {
    const ssize_t got =
        ::pread(object->get(), bytes.data() + read, bytes.size() - read, static_cast<off_t>(first + read));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(cannot("read", key, errno));
    if (got == 0) break;
    read += static_cast<std::size_t>(got);
  }
  bytes.resize(read);
  return bytes;
}

Result<void> FileStore::get_file(std::string_view key, const fs::path& file) {
  const auto object = open_object(key);
  if (!object) return tl::unexpected(object.error());
  struct stat status {};
  if (::fstat(object->get(), &status) != 0) return tl::unexpected(cannot("read", key, errno));
  const fs::path parent = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code failed;
  fs::create_directories(parent, failed);
  if (failed) return tl::unexpected(system_error("cannot make the folder '" + parent.string() + "'", failed.value()));
  UniqueFd folder(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return tl::unexpected(system_error("cannot write '" + file.string() + "'", errno));
  auto copy = PendingObject::create(std::move(folder), file.filename().string(), file.string());
  if (!copy) return tl::unexpected(std::move(copy).error());
  if (auto copied = copy->copy_from(object->get()); !copied) return copied;
  if (auto set = copy->set_modified(time_for_copy(status)); !set) return set;
  return copy->commit(false);
}

Result<std::vector<ObjectInfo>> FileStore::list(std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!prefix.empty() && !is_safe_relative_path(prefix)) return tl::unexpected(bad_key(prefix));
  const UniqueFd root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno == ENOENT) return std::vector<ObjectInfo>{};
  if (!root) return tl::unexpected(cannot("list", prefix, errno));
  auto found = regular_files(root.get(), std::string(prefix));
  if (!found) return tl::unexpected(std::move(found).error());
  return std::move(found->files);
}

Result<bool> FileStore::exists(std::string_view key) {
  const auto object = open_object(key);
  if (object) return true;
  if (object.error().code == "E150") return false;
  return tl::unexpected(object.error());
}

Result<void> FileStore::remove(std::string_view key) {
  if (auto checked = check_key(key); !checked) return checked;
  const UniqueFd root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  UniqueFd folder;
  if (root) folder = open_beneath(root.get(), folder_of(key), O_PATH | O_DIRECTORY);
  if (folder && ::unlinkat(folder.get(), std::string(name_of(key)).c_str(), 0) == 0) return {};
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return tl::unexpected(cannot("remove", key, errno));
}

}  // namespace smflow::storage
