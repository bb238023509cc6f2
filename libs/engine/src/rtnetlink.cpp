#include "rtnetlink.hpp"

#include "system_call.hpp"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

namespace smflow::engine {

// One request, built in place. 512 bytes hold every message made here.
class NetworkConfigurator::Message {
 public:
  template <class Body>
  Message(int type, int flags, const Body& body) {
    header()->nlmsg_type = static_cast<__u16>(type);
    header()->nlmsg_flags = static_cast<__u16>(NLM_F_REQUEST | NLM_F_ACK | flags);
    header()->nlmsg_len = NLMSG_LENGTH(0);
    append(&body, sizeof body);
  }

  void attribute(int type, const void* data, std::size_t size) {
    const rtattr attribute{static_cast<unsigned short>(RTA_LENGTH(size)), static_cast<unsigned short>(type)};
    append(&attribute, sizeof attribute);
    append(data, size);
  }
  void attribute(int type, const std::string& text) { attribute(type, text.c_str(), text.size() + 1); }

  // An attribute that holds what is added until `end`.
  std::size_t begin(int type) {
    const std::size_t at = header()->nlmsg_len;
    attribute(type, nullptr, 0);
    return at;
  }
  void end(std::size_t at) {
    const auto size = static_cast<unsigned short>(header()->nlmsg_len - at);
    std::memcpy(buffer_.data() + at, &size, sizeof size);
  }

  template <class Body>
  void append_body(const Body& body) {
    append(&body, sizeof body);
  }

  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(buffer_.data()); }

 private:
  void append(const void* data, std::size_t size) {
    if (size != 0) std::memcpy(buffer_.data() + header()->nlmsg_len, data, size);
    header()->nlmsg_len = static_cast<__u32>(NLMSG_ALIGN(header()->nlmsg_len + size));
  }

  alignas(nlmsghdr) std::array<char, 512> buffer_{};
};

namespace {

int index_of(const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) fail("find the network interface '" + interface + "'");
  return static_cast<int>(index);
}

}  // namespace

NetworkConfigurator::NetworkConfigurator()
    : socket_(check(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "open a netlink socket")) {}

void NetworkConfigurator::send(Message& message, const std::string& what) {
  check(::send(socket_.get(), message.header(), message.header()->nlmsg_len, 0), what);
  alignas(nlmsghdr) std::array<char, 4096> answer{};
  check(::recv(socket_.get(), answer.data(), answer.size(), 0), what);
  const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
  if (header->nlmsg_type != NLMSG_ERROR) fail(what, EPROTO);
  nlmsgerr outcome{};
  std::memcpy(&outcome, NLMSG_DATA(header), sizeof outcome);
  if (outcome.error != 0) fail(what, -outcome.error);
}

void NetworkConfigurator::add_bridge(const std::string& name) {
  Message message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});
  message.attribute(IFLA_IFNAME, name);
  const std::size_t info = message.begin(IFLA_LINKINFO);
  message.attribute(IFLA_INFO_KIND, "bridge", std::strlen("bridge"));
  message.end(info);
  send(message, "make the network bridge '" + name + "'");
}

void NetworkConfigurator::add_veth(const std::string& name, const std::string& bridge, const std::string& peer,
                                   pid_t process) {
  const int bridge_index = index_of(bridge);
  Message message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});
  message.attribute(IFLA_IFNAME, name);
  message.attribute(IFLA_MASTER, &bridge_index, sizeof bridge_index);
  const std::size_t info = message.begin(IFLA_LINKINFO);
  message.attribute(IFLA_INFO_KIND, "veth", std::strlen("veth"));
  const std::size_t data = message.begin(IFLA_INFO_DATA);
  const std::size_t other_end = message.begin(VETH_INFO_PEER);
  message.append_body(ifinfomsg{});
  message.attribute(IFLA_IFNAME, peer);
  message.attribute(IFLA_NET_NS_PID, &process, sizeof process);
  message.end(other_end);
  message.end(data);
  message.end(info);
  send(message, "make the network interface '" + name + "'");
}

void NetworkConfigurator::add_address(const std::string& interface, const std::string& address) {
  ifaddrmsg body{};
  body.ifa_family = AF_INET;
  body.ifa_prefixlen = 24;
  body.ifa_index = static_cast<unsigned>(index_of(interface));
  in_addr binary{};
  ::inet_pton(AF_INET, address.c_str(), &binary);
  Message message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, body);
  message.attribute(IFA_LOCAL, &binary, sizeof binary);
  message.attribute(IFA_ADDRESS, &binary, sizeof binary);
  send(message, "give '" + interface + "' the address " + address);
}

void NetworkConfigurator::set_up(const std::string& interface) {
  ifinfomsg body{};
  body.ifi_index = index_of(interface);
  body.ifi_flags = IFF_UP;
  body.ifi_change = IFF_UP;
  Message message(RTM_NEWLINK, 0, body);
  send(message, "switch on the network interface '" + interface + "'");
}

}  // namespace smflow::engine
