#include "smflow/training/processor.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>

#include <smflow/base/text.hpp>

namespace smflow::training {

namespace fs = std::filesystem;

namespace {

// Files of /proc and /sys have no size, so they are read to their end.
std::string read_kernel_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<double> number(std::string_view text) {
  text = trim(text);
  double value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> cores(const std::optional<double>& quota, const std::optional<double>& period) {
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return *quota / *period;
}

// Version 2: "max 100000" or "150000 100000", in the group or any of its parents.
std::optional<double> quota_v2(const fs::path& group) {
  const auto parts = split(trim(read_kernel_file(group / "cpu.max")), ' ');
  if (parts.size() != 2) return std::nullopt;
  return cores(number(parts[0]), number(parts[1]));
}

std::optional<double> quota_v1(const fs::path& group) {
  return cores(number(read_kernel_file(group / "cpu.cfs_quota_us")),
               number(read_kernel_file(group / "cpu.cfs_period_us")));
}

// The smallest quota on the way from the process's group up to the root.
std::optional<double> smallest_quota(const fs::path& mount, fs::path group,
                                     std::optional<double> (*read)(const fs::path&)) {
  std::optional<double> smallest;
  for (group = group.relative_path();; group = group.parent_path()) {
    const auto quota = read(mount / group);
    if (quota && (!smallest || *quota < *smallest)) smallest = quota;
    if (group.empty()) return smallest;
  }
}

std::optional<double> group_quota(const fs::path& root) {
  std::optional<double> smallest;
  for (const std::string& line : split(read_kernel_file(root / "proc/self/cgroup"), '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 3) continue;
    const auto controllers = split(fields[1], ',');
    std::optional<double> quota;
    if (fields[1].empty()) {
      quota = smallest_quota(root / "sys/fs/cgroup", fields[2], quota_v2);
    } else if (std::find(controllers.begin(), controllers.end(), "cpu") != controllers.end()) {
      quota = smallest_quota(root / "sys/fs/cgroup/cpu", fields[2], quota_v1);
    }
    if (quota && (!smallest || *quota < *smallest)) smallest = quota;
  }
  return smallest;
}

int affinity_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

int usable_cores(const fs::path& root) {
  const int by_affinity = std::max(1, affinity_cores());
  const auto quota = group_quota(root);
  if (!quota) return by_affinity;
  return std::clamp(static_cast<int>(std::ceil(std::min(*quota, 1e6))), 1, by_affinity);
}

Blas loaded_blas(std::string_view maps) {
  if (contains(maps, "openblas")) return Blas::openblas;
  if (contains(maps, "libmkl")) return Blas::mkl;
  if (contains(maps, "libblis")) return Blas::blis;
  if (contains(maps, "/atlas/") || contains(maps, "libatlas")) return Blas::atlas;
  if (contains(maps, "libblas.so")) return Blas::reference;
  return Blas::none;
}

Blas loaded_blas() {
  return loaded_blas(read_kernel_file("/proc/self/maps"));
}

std::string slow_blas_warning(Blas blas) {
  if (blas != Blas::reference) return {};
  return "the reference BLAS is loaded, which makes training about 8 times slower; "
         "run: apt-get install libopenblas0-pthread";
}

void keep_blas_in_calling_thread() {
  using SetThreads = void (*)(int);
  const auto set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_threads != nullptr) set_threads(1);
}

void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
}

bool cpu_has(std::string_view feature, const fs::path& root) {
  for (const std::string& line : split(read_kernel_file(root / "proc/cpuinfo"), '\n')) {
    if (!line.starts_with("flags")) continue;
    const auto words = split(line, ' ');
    return std::find(words.begin(), words.end(), feature) != words.end();
  }
  return false;
}

}  // namespace smflow::training
