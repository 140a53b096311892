#include "sys/network.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"

namespace drydock::sys {

BOOST_AUTO_TEST_SUITE(sys_network)

BOOST_AUTO_TEST_CASE(wired_ports_with_what_is_known_of_each) {
  test::SysTreeBuilder built;
  for (const char* name : {"eth10", "eth2", "lo", "wlan0", "bond0"}) {
    const std::string folder = std::string("/sys/class/net/") + name;
    built.write(folder + "/type", std::string_view(name) == "lo" ? "772\n" : "1\n");
    built.write(folder + "/address", "52:54:00:00:00:0a\n");
  }
  for (const char* name : {"eth10", "eth2", "wlan0"})
    built.write(std::string("/sys/class/net/") + name + "/device/vendor", "0x8086\n");
  built.write("/sys/class/net/wlan0/phy80211/index", "0\n");
  built.write("/sys/class/net/eth2/carrier", "1\n");
  built.write("/run/drydock/network/eth2/how", "dhcp\n");
  built.write("/run/drydock/network/eth10/how", "static\n");
  built.write("/run/drydock/network/eth10/problem", "10.0.0.1 has no prefix length, such as /24\n");
  built.write("/etc/resolv.conf", "search home\nnameserver 10.0.0.3\nnameserver fd00::3\n");
  const Network network =
      read_network(SysTree(built.root()),
                   {{"lo", "127.0.0.1/8"}, {"eth2", "10.0.0.15/24"}, {"eth2", "fd00::15/64"}});
  BOOST_REQUIRE_EQUAL(network.ports.size(), 2u);
  BOOST_CHECK((network.ports[0] == NetworkPort{.name = "eth2",
                                               .hardware = "52:54:00:00:00:0a",
                                               .link = true,
                                               .addresses = {"10.0.0.15/24", "fd00::15/64"},
                                               .how = "dhcp",
                                               .problem = {}}));
  BOOST_CHECK(
      (network.ports[1] == NetworkPort{.name = "eth10",
                                       .hardware = "52:54:00:00:00:0a",
                                       .link = false,
                                       .addresses = {},
                                       .how = "static",
                                       .problem = "10.0.0.1 has no prefix length, such as /24"}));
  BOOST_CHECK((network.nameservers == std::vector<std::string>{"10.0.0.3", "fd00::3"}));
  BOOST_TEST(network.gateway.empty());
}

BOOST_AUTO_TEST_CASE(of_several_gateways_the_best) {
  test::SysTreeBuilder built;
  built.write(
      "/proc/net/route",
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
      "eth1\t00000000\t0101A8C0\t0003\t0\t0\t103\t00000000\t0\t0\t0\n"
      "eth0\t00000000\t0202000A\t0003\t0\t0\t102\t00000000\t0\t0\t0\n"
      "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
      "eth2\t00000000\n");
  BOOST_TEST(read_network(SysTree(built.root()), {}).gateway == "10.0.2.2");
}

BOOST_AUTO_TEST_CASE(this_computer_has_its_own_address) {
  const auto addresses = own_addresses();
  const auto loopback = PortAddress{"lo", "127.0.0.1/8"};
  BOOST_TEST((addresses.empty() || std::ranges::contains(addresses, loopback)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
