#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/unique_fd.hpp>

struct nlmsghdr;

namespace smflow::engine {

// Sets up network interfaces of the calling process's network namespace (rtnetlink(7)); every call throws
// CommandFailure when the kernel refuses.
class NetworkConfigurator {
 public:
  NetworkConfigurator();

  void add_bridge(const std::string& name);
  // A pair of virtual interfaces: `name` here, attached to `bridge`, and `peer` in the namespace of process `process`.
  void add_veth(const std::string& name, const std::string& bridge, const std::string& peer, pid_t process);
  // IPv4 with a 24-bit network.
  void add_address(const std::string& interface, const std::string& address);
  void set_up(const std::string& interface);

 private:
  class Message;
  void send(Message& message, const std::string& what);

  UniqueFd socket_;
};

}  // namespace smflow::engine
