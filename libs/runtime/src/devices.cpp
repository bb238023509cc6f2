#include <algorithm>
#include <string_view>

#include <unistd.h>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/capture.hpp>
#include <smflow/runtime/devices.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds tool_timeout{10};

struct Nodes {
  int nvidia = 0;
  int neuron = 0;
  bool nvidia_control = false;  // "nvidiactl", or "dxg" under WSL: a driver without numbered nodes
};

bool is_numbered(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && name.substr(0, prefix.size()) == prefix &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

Nodes read_nodes(const fs::path& dev) {
  Nodes nodes;
  std::error_code failed;
  for (fs::directory_iterator entry(dev, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    nodes.nvidia += is_numbered(name, "nvidia") ? 1 : 0;
    nodes.neuron += is_numbered(name, "neuron") ? 1 : 0;
    nodes.nvidia_control = nodes.nvidia_control || name == "nvidiactl" || name == "dxg";
  }
  return nodes;
}

int listed_gpus() {
  const auto listing = capture({"nvidia-smi", "--list-gpus"}, tool_timeout);
  if (!listing) return 0;
  const auto lines = split(*listing, '\n');
  return static_cast<int>(
      std::count_if(lines.begin(), lines.end(), [](const std::string& line) { return line.substr(0, 4) == "GPU "; }));
}

int listed_neurons() {
  const auto listing = capture({"neuron-ls", "-j"}, tool_timeout);
  const auto devices = listing ? parse_json(*listing, "neuron-ls") : Result<Json>(Json::array());
  int cores = 0;
  if (!devices || !devices->is_array()) return 0;
  for (const Json& device : *devices) {
    const auto count = device.is_object() ? device.find("nc_count") : device.end();
    if (count != device.end() && count->is_number_integer()) cores += count->get<int>();
  }
  return cores;
}

}  // namespace

Devices detect_devices(const std::string& instance_type, const fs::path& dev) {
  const Nodes nodes = read_nodes(dev);
  Devices devices;
  devices.cpus = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  devices.gpus = nodes.nvidia > 0 ? nodes.nvidia : nodes.nvidia_control ? listed_gpus() : 0;
  if (instance_type == "ml.trn2.48xlarge") {
    devices.neurons = 64;
  } else if (nodes.neuron > 0) {
    devices.neurons = listed_neurons();
  }
  return devices;
}

}  // namespace smflow::runtime
