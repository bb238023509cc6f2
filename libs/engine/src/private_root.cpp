#include "private_root.hpp"

#include "host_folders.hpp"
#include "system_call.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

void mount_or_fail(const char* source, const fs::path& target, const char* type, unsigned long flags,
                   const char* options) {
  check(::mount(source, target.c_str(), type, flags, options), "mount '" + target.string() + "'");
}

void make_read_only(const fs::path& mount_point, unsigned flags) {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  check(::syscall(SYS_mount_setattr, AT_FDCWD, mount_point.c_str(), flags, &attributes, sizeof attributes),
        "make '" + mount_point.string() + "' read-only");
}

void bind(const fs::path& source, const fs::path& target, bool read_only) {
  check(::mount(source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
        "bind '" + source.string() + "' to '" + target.string() + "'");
  if (read_only) make_read_only(target, AT_RECURSIVE);
}

void make_folder(const fs::path& folder) {
  check(::mkdir(folder.c_str(), 0755), "make the folder '" + folder.string() + "'");
}

void make_empty_file(const fs::path& file) {
  UniqueFd(check(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644), "make the file '" + file.string() + "'"));
}

// `folder` on the new root's file system, entry by entry, without the names in `left_out`.
template <std::size_t N>
void mirror(const fs::path& from, const fs::path& to, const std::array<std::string_view, N>& left_out, bool read_only) {
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(from, unreadable)) {
    const std::string name = entry.path().filename().string();
    if (std::find(left_out.begin(), left_out.end(), name) != left_out.end()) continue;
    std::error_code vanished;
    if (entry.is_symlink(vanished)) {
      fs::create_symlink(fs::read_symlink(entry.path(), vanished), to / name, vanished);
    } else if (entry.is_directory(vanished)) {
      make_folder(to / name);
      bind(entry.path(), to / name, read_only && name != "dev");
    } else if (entry.is_regular_file(vanished)) {
      make_empty_file(to / name);
      bind(entry.path(), to / name, read_only);
    }
  }
}

// A new root on its own file system, so that /opt/ml need not exist on the machine.
void build_root(const SandboxSpec& spec, const fs::path& root) {
  mount_or_fail("smflow", root, "tmpfs", MS_NODEV | MS_NOSUID, "mode=0755,size=4m");
  // The machine's folder that holds this very mount is bound below it, and must not bring it along.
  mount_or_fail(nullptr, root, nullptr, MS_UNBINDABLE, nullptr);
  mirror(fs::path("/"), root, std::array<std::string_view, 3>{"opt", "proc", "tmp"}, spec.read_only_system);
  make_folder(root / "opt");
  mirror(fs::path("/opt"), root / "opt", std::array<std::string_view, 2>{"ml", ".smflow"}, spec.read_only_system);
  for (const char* folder : {"opt/ml", "opt/.smflow", "proc", "tmp"}) make_folder(root / folder);
}

// As in an image, a program may write beside itself, and what it writes goes with the job. Read-only where the kernel,
// or the file system below, has no overlays.
void mount_code(const HostSpec& host, const fs::path& place) {
  const std::string options = "lowerdir=" + host.code.string() + ",upperdir=" + (host.folder / code_changes).string() +
                              ",workdir=" + (host.folder / code_work).string() + ",userxattr";
  const bool plain =
      options.find_first_of(":\\") == std::string::npos && std::count(options.begin(), options.end(), ',') == 3;
  if (plain && ::mount("overlay", place.c_str(), "overlay", MS_NODEV, options.c_str()) == 0) return;
  bind(host.code, place, true);
}

void mount_own_folders(const SandboxSpec& spec, const HostSpec& host, const fs::path& root) {
  // A container hides parts of its /proc, and then refuses a fresh one: the old one must do.
  if (::mount("proc", (root / "proc").c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    bind("/proc", root / "proc", false);
  }
  const std::string size = "mode=1777,size=" + std::to_string(spec.shared_memory_bytes);
  if (fs::is_directory("/dev/shm")) {
    mount_or_fail("shm", root / "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, size.c_str());
  }
  bind(host.folder / "tmp", root / "tmp", false);
  bind(host.folder / "ml", root / "opt/ml", false);
  if (fs::exists("/etc/hosts")) bind(host.folder / "hosts", root / "etc/hosts", true);
  if (fs::exists("/etc/hostname")) bind(host.folder / "hostname", root / "etc/hostname", true);
  mount_code(host, root / "opt/ml/code");
  for (const Bind& wanted : host.binds) {
    bind(wanted.source, root / wanted.target.relative_path(), wanted.read_only);
  }
  make_empty_file(root / fs::path(entrypoint_in_sandbox).relative_path());
  bind(spec.entrypoint, root / fs::path(entrypoint_in_sandbox).relative_path(), true);
}

void become_root(const fs::path& root) {
  check(::chdir(root.c_str()), "enter '" + root.string() + "'");
  if (::syscall(SYS_pivot_root, ".", ".") == 0) {
    check(::umount2(".", MNT_DETACH), "unmount the machine's root");
    return;
  }
  // Seccomp profiles of containers often allow mount but not pivot_root.
  check(::mount(".", "/", nullptr, MS_MOVE, nullptr), "move the new root into place");
  check(::chroot("."), "change the root");
}

}  // namespace

void enter_private_root(const SandboxSpec& spec, const HostSpec& host) {
  const fs::path root = host.folder / "root";
  mount_or_fail(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  build_root(spec, root);
  mount_own_folders(spec, host, root);
  become_root(root);
  if (spec.read_only_system) make_read_only("/", 0);
}

}  // namespace smflow::engine
