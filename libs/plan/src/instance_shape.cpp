#include <algorithm>
#include <array>
#include <charconv>

#include <smflow/plan/instance_shape.hpp>

namespace smflow::plan {

namespace {

constexpr std::uint64_t mebibyte = 1u << 20;

// Within a family memory grows with the CPUs.
struct Family {
  std::string_view name;
  std::uint64_t memory_per_cpu;  // MiB
};

constexpr std::array families = {
    Family{"c4", 1920},    Family{"c5", 2048},   Family{"c5d", 2048},   Family{"c5n", 2688}, Family{"c6i", 2048},
    Family{"c7i", 2048},   Family{"m4", 4096},   Family{"m5", 4096},    Family{"m5d", 4096}, Family{"m6i", 4096},
    Family{"m7i", 4096},   Family{"r5", 8192},   Family{"r5d", 8192},   Family{"r6i", 8192}, Family{"r7i", 8192},
    Family{"g4dn", 4096},  Family{"g5", 4096},   Family{"g6", 4096},    Family{"g6e", 8192}, Family{"p3", 7808},
    Family{"p3dn", 8192},  Family{"p4d", 12288}, Family{"p4de", 12288}, Family{"p5", 10922}, Family{"p5e", 10922},
    Family{"p5en", 10922}, Family{"trn1", 4096}, Family{"trn1n", 4096}};

struct Exception {
  std::string_view name;
  int cpus;
  std::uint64_t memory;  // MiB
};

constexpr std::array exceptions = {Exception{"t3.medium", 2, 4096}, Exception{"t3.large", 2, 8192},
                                   Exception{"t3.xlarge", 4, 16384}, Exception{"t3.2xlarge", 8, 32768}};

// "large" is 2, "xlarge" 4, "12xlarge" 48.
std::optional<int> cpus_of(std::string_view size) {
  if (size == "large") return 2;
  if (size == "xlarge") return 4;
  int times = 0;
  const auto read = std::from_chars(size.data(), size.data() + size.size(), times);
  const bool known = read.ec == std::errc() && times >= 2 && times <= 64;
  if (!known || std::string_view(read.ptr, size.data() + size.size()) != "xlarge") return std::nullopt;
  return 4 * times;
}

}  // namespace

std::optional<InstanceShape> instance_shape(std::string_view instance_type) {
  if (!instance_type.starts_with("ml.")) return std::nullopt;
  instance_type.remove_prefix(3);
  for (const Exception& exception : exceptions) {
    if (exception.name == instance_type) return InstanceShape{exception.cpus, exception.memory * mebibyte};
  }
  const std::size_t dot = instance_type.find('.');
  const auto family = std::find_if(families.begin(), families.end(),
                                   [&](const Family& f) { return f.name == instance_type.substr(0, dot); });
  if (dot == std::string_view::npos || family == families.end()) return std::nullopt;
  const auto cpus = cpus_of(instance_type.substr(dot + 1));
  if (!cpus) return std::nullopt;
  return InstanceShape{*cpus, static_cast<std::uint64_t>(*cpus) * family->memory_per_cpu * mebibyte};
}

}  // namespace smflow::plan
