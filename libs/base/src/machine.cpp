#include <fstream>
#include <sstream>

#include <unistd.h>

#include <smflow/base/machine.hpp>

namespace smflow {

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// The route to 0.0.0.0 that is used comes first (proc(5), /proc/net/route).
int outgoing_mtu(const std::filesystem::path& root) {
  std::ifstream routes(root / "proc/net/route");
  std::string line;
  while (std::getline(routes, line)) {
    std::istringstream fields(line);
    std::string interface, destination;
    fields >> interface >> destination;
    if (destination != "00000000") continue;
    int mtu = 0;
    std::ifstream(root / "sys/class/net" / interface / "mtu") >> mtu;
    return mtu;
  }
  return 0;
}

}  // namespace smflow
