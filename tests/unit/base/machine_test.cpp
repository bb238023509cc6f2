#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <smflow/base/machine.hpp>

namespace smflow {
namespace {

TEST(OutgoingMtu, IsThatOfTheInterfaceOfTheDefaultRoute) {
  const test::TemporaryFolder root;
  EXPECT_EQ(outgoing_mtu(root.path()), 0);
  root.write("proc/net/route",
             "Iface\tDestination\tGateway\neth1\t000200C0\t00000000\neth0\t00000000\t010200C0\n"
             "wlan0\t00000000\t010300C0\n");
  EXPECT_EQ(outgoing_mtu(root.path()), 0);
  root.write("sys/class/net/eth0/mtu", "1400\n");
  root.write("sys/class/net/eth1/mtu", "9000\n");
  EXPECT_EQ(outgoing_mtu(root.path()), 1400);
}

}  // namespace
}  // namespace smflow
