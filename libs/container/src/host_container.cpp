#include "host_container.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/write_all.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/docker/build_context.hpp>
#include <smflow/storage/archive.hpp>
#include <smflow/storage/tar_stream.hpp>

namespace smflow::container {

namespace fs = std::filesystem;

namespace {

// A file system may round the time of a change down to this.
constexpr std::chrono::seconds coarsest_time{1};

// Mounted, and not copied.
bool is_mounted(std::string_view path) {
  const auto is_below = [&](std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
  };
  return is_below("ml/input") || is_below("ml/code");
}

// What the container starts with of the host's folder: everything of /opt/ml that is not mounted.
Result<std::shared_ptr<const http::BodySource>> own_files(const fs::path& folder) {
  const storage::TarSelection selection{
      .wants = [](std::string_view path) { return (path == "ml" || path.starts_with("ml/")) && !is_mounted(path); },
      .enters = [](std::string_view) { return false; }};
  return storage::TarStream::plan(folder, selection).map([](storage::TarStream tar) {
    return docker::body_of(std::move(tar));
  });
}

// The user's code, but for the folders of jobs where those lie in it: they change.
Result<std::shared_ptr<const http::BodySource>> code_files(const plan::LocalOptions& local) {
  const std::string jobs = local.work_directory.lexically_relative(local.code).string();
  const storage::TarSelection selection{.wants = [&](std::string_view path) { return path != jobs; },
                                        .enters = [](std::string_view) { return false; },
                                        .keep_times = true};
  return storage::TarStream::plan(local.code, selection).map([](storage::TarStream tar) {
    return docker::body_of(std::move(tar));
  });
}

Error cannot_write(const fs::path& file, int errno_value) {
  return system_error("cannot write '" + file.string() + "'", errno_value);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool equal_files(const fs::path& one, const fs::path& other) {
  std::ifstream first(one, std::ios::binary);
  std::ifstream second(other, std::ios::binary);
  return first && second &&
         std::equal(std::istreambuf_iterator<char>(first), {}, std::istreambuf_iterator<char>(second), {});
}

// A tar tells whole seconds, and what went into the container has lost its time: only a file that has changed may look
// so, and it must.
void keep_times(const fs::path& made, const fs::path& place) {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(made, failed)) {
    const fs::path before = place / entry.path().lexically_relative(made);
    if (!fs::is_regular_file(entry.symlink_status(failed)) ||
        !fs::is_regular_file(fs::symlink_status(before, failed))) {
      continue;
    }
    const bool equal = entry.file_size(failed) == fs::file_size(before, failed) && equal_files(entry.path(), before);
    fs::last_write_time(entry.path(), equal ? fs::last_write_time(before, failed) : fs::file_time_type::clock::now(),
                        failed);
  }
}

// `made` goes to `place`, in the stead of what is there.
Result<void> replace(const fs::path& made, const fs::path& place) {
  keep_times(made, place);
  std::error_code failed;
  fs::remove_all(place, failed);
  fs::create_directories(place.parent_path(), failed);
  fs::rename(made, place, failed);
  if (failed) return tl::unexpected(cannot_write(place, failed.value()));
  return {};
}

}  // namespace

Result<HostContainer> HostContainer::make(const docker::Engine& engine, const docker::ContainerRequest& request,
                                          const fs::path& folder) {
  auto id = docker::Containers(engine).create(request);
  if (!id) return tl::unexpected(std::move(id).error());
  HostContainer host(engine, *std::move(id), folder, request);
  if (auto filled = host.fill(); !filled) return tl::unexpected(std::move(filled).error());
  return host;
}

Result<void> HostContainer::start() const {
  auto started = containers().start(id_);
  return started && has_gpus_ ? containers().check_gpus(id_) : started;
}

int HostContainer::process() const {
  const auto state = containers().inspect(id_);
  if (!state) return 0;
  // An engine on another machine, or in a virtual one, counts processes of its own.
  const auto groups = read_file("/proc/" + std::to_string(state->process) + "/cgroup");
  return groups && groups->find(id_) != std::string::npos ? state->process : 0;
}

Result<void> HostContainer::fill() const {
  auto files = own_files(folder_);
  if (!files) return tl::unexpected(std::move(files).error());
  return containers().copy_in(id_, "/opt", *std::move(files));
}

Result<void> HostContainer::copy_code(const plan::LocalOptions& local) const {
  auto files = code_files(local);
  if (!files) return tl::unexpected(std::move(files).error());
  return containers().copy_in(id_, contract::Paths{}.code(), *std::move(files));
}

HostContainer::HostContainer(HostContainer&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)),
      id_(std::move(other.id_)),
      folder_(std::move(other.folder_)),
      terminal_(other.terminal_),
      has_gpus_(other.has_gpus_),
      fetched_(std::move(other.fetched_)) {}

HostContainer::~HostContainer() {
  if (engine_ != nullptr) static_cast<void>(containers().remove(id_));
}

Result<Ending> HostContainer::follow(const UniqueFd& output, const std::stop_token& cancel) const {
  // When nobody reads the output any more, the container still runs to its end.
  const docker::ByteSink sink = [&](std::span<const std::byte> piece) -> Result<void> {
    std::vector<std::byte> plain;
    if (terminal_) {
      // A terminal begins each line with a return.
      std::copy_if(piece.begin(), piece.end(), std::back_inserter(plain),
                   [](std::byte b) { return b != std::byte{'\r'}; });
      piece = plain;
    }
    static_cast<void>(write_all(output.get(), text_of(piece), "the log"));
    return {};
  };
  const auto read = containers().follow_log(id_, sink, cancel, terminal_);
  const auto exit_code = containers().wait(id_, cancel);
  if (!exit_code) return tl::unexpected(read ? exit_code.error() : read.error());
  if (!read) {
    static_cast<void>(
        write_all(output.get(), "\nsmflow: the log breaks off here: " + read.error().message + "\n", "the log"));
  }
  const auto state = containers().inspect(id_);
  return Ending{.exit_code = *exit_code, .out_of_memory = state && state->out_of_memory};
}

Result<void> HostContainer::fetch_if_changed(const fs::path& path) {
  const WallTime now = SystemClock().now();
  const auto before = fetched_.find(path);
  if (before != fetched_.end()) {
    const auto changed = changed_since(path, before->second - coarsest_time);
    if (!changed) return tl::unexpected(changed.error());
    if (!*changed) return {};
  }
  auto fetched = fetch(path);
  if (fetched) fetched_[path] = now;
  return fetched;
}

// What is new or gone changes its folder; the copy of the last time knows all that can change in place.
Result<bool> HostContainer::changed_since(const fs::path& path, WallTime time) const {
  const fs::path copy = folder_ / path.lexically_relative("/opt");
  std::vector<fs::path> paths{path};
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(copy, ignored)) {
    paths.push_back(path / entry.path().lexically_relative(copy));
  }
  for (const fs::path& each : paths) {
    const auto changed = containers().changed(id_, each.string());
    if (!changed) return tl::unexpected(changed.error());
    if (*changed && **changed >= time) return true;
  }
  return false;
}

Result<void> HostContainer::fetch(const fs::path& path) const {
  const fs::path tar = folder_ / "fetched.tar";
  const fs::path unpacked = folder_ / "fetched";
  std::error_code ignored;
  const auto there = download(path, tar);
  if (!there || !*there) fs::remove(tar, ignored);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return {};
  fs::remove_all(unpacked, ignored);
  const auto extracted = storage::extract_archive(tar, unpacked, {.as_left = true});
  fs::remove(tar, ignored);
  if (!extracted) return tl::unexpected(extracted.error());
  auto replaced = replace(unpacked / path.filename(), folder_ / path.lexically_relative("/opt"));
  fs::remove_all(unpacked, ignored);
  return replaced;
}

Result<bool> HostContainer::download(const fs::path& path, const fs::path& tar) const {
  const UniqueFd file(::open(tar.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return tl::unexpected(cannot_write(tar, errno));
  return containers().copy_out(id_, path.string(), [&](std::span<const std::byte> piece) {
    return write_all(file.get(), text_of(piece), tar.native());
  });
}

}  // namespace smflow::container
