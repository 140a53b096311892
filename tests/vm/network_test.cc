// The network comes up by itself, on ports that are there and on ones that are plugged in; an
// address can be given; nothing listens.
#include <boost/test/unit_test.hpp>

#include "support/files.h"
#include "support/live_system.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::string_view kNetwork = "/usr/lib/drydock/network";

// Sockets that wait for somebody (netstat of BusyBox: TCP and UDP, listening).
constexpr std::string_view kListening = "netstat -lntu | grep -E '^(tcp|udp)'";

void wait_for_address(GuestShell& shell, std::string_view address) {
  shell.must_run("for i in $(seq 60); do ip addr | grep -qF ' " + std::string(address) +
                 " ' && break; sleep 1; done; ip addr | grep -F ' " + std::string(address) + " '");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_network)

BOOST_AUTO_TEST_CASE(comes_up_by_itself_and_as_chosen) {
  const TempDir dir;
  make_sparse(dir / "stick", 1 << 20);  // brings a USB controller with it
  VmSpec spec = pc_with_iso("network", Firmware::kBios, {{dir / "stick", Bus::kUsb}});
  spec.nic = VmNic{.model = "e1000"};
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  wait_for_menu(vm);
  GuestShell shell = open_shell(vm);
  wait_for_address(shell, "10.0.2.15/24");
  BOOST_TEST(shell.must_run("cat /run/drydock/network/eth0/how") == "dhcp\n");

  vm.plug_in_nic();
  wait_for_address(shell, "10.0.3.15/24");
  vm.qmp().execute("device_del", {{"id", "nic1"}});
  shell.must_run(
      "for i in $(seq 60); do [ -e /run/drydock/network/usb0 ] || break; sleep 1; done; "
      "test ! -e /run/drydock/network/usb0");

  const std::string script(kNetwork);
  shell.must_run(script + " static eth0 10.0.2.77/24 10.0.2.2 10.0.2.3");
  BOOST_TEST(shell.must_run("ip addr show eth0").contains(" 10.0.2.77/24 "));
  BOOST_TEST(!shell.must_run("ip addr show eth0").contains(" 10.0.2.15/24 "));
  BOOST_TEST(shell.must_run("ip route").contains("default via 10.0.2.2"));
  BOOST_TEST(shell.must_run("cat /etc/resolv.conf") == "nameserver 10.0.2.3\n");
  BOOST_TEST(shell.run(script + " static eth0 10.0.2.77 2>/dev/null").status == 1);
  BOOST_TEST(shell.run(script + " static eth0 10.0.2.700/24 2>/dev/null").status == 1);
  BOOST_TEST(shell.must_run("cat /run/drydock/network/eth0/problem").contains("is no address"));
  shell.must_run(script + " dhcp eth0");
  wait_for_address(shell, "10.0.2.15/24");

  const GuestOutcome listening = shell.run(kListening);
  BOOST_TEST(listening.status == 1, listening.out);
}

BOOST_AUTO_TEST_CASE(the_boot_parameters_give_a_port_its_address) {
  VmSpec spec = pc_with_iso("network-chosen", Firmware::kBios);
  spec.nic = VmNic{};
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  boot_with(vm, "drydock.ip=10.0.2.60/24,10.0.2.2,10.0.2.3");
  wait_for_menu(vm);
  GuestShell shell = open_shell(vm);
  wait_for_address(shell, "10.0.2.60/24");
  BOOST_TEST(!shell.must_run("ip addr").contains("10.0.2.15"));
  BOOST_TEST(shell.must_run("ip route").contains("default via 10.0.2.2"));
  BOOST_TEST(shell.must_run("cat /etc/resolv.conf") == "nameserver 10.0.2.3\n");
  BOOST_TEST(shell.must_run("cat /run/drydock/network/eth0/how") == "static\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
