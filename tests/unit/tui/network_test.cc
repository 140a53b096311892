// Places on the network, by keys.
#include <boost/test/unit_test.hpp>

#include "unit/tui/menu_fixture.h"

namespace drydock::tui {
namespace {

constexpr std::string_view kKey = "ssh-ed25519 fingerprint SHA256:8vOBm1yQyA";

NetworkPort port(std::string name, std::vector<std::string> addresses, bool link) {
  NetworkPort made;
  made.name = std::move(name);
  made.addresses = std::move(addresses);
  made.link = link;
  made.how = "dhcp";
  return made;
}

struct NetworkFixture : Fixture {
  NetworkFixture() {
    jobs.wires.ports = {port("eth0", {"192.168.1.20/24"}, true), port("eth1", {}, false)};
    jobs.folders["/run/drydock/mnt/nas"] = jobs.folders["/run/drydock/mnt/sdb1"];
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tui_network, NetworkFixture)

BOOST_AUTO_TEST_CASE(an_image_is_saved_to_a_share) {
  jobs.server_password = "secret";
  Menu menu(jobs);
  menu.press("s enter end enter");
  BOOST_TEST(menu.title().contains("Save: where on the network?"));
  BOOST_TEST(menu.shows("eth0      192.168.1.20/24, by DHCP"));
  BOOST_TEST(menu.shows("eth1      no cable"));
  menu.type("jo@nas/backup");
  menu.press("tab");
  menu.type("wrong");
  menu.press("enter");
  BOOST_TEST(menu.shows("does not take this password"));
  BOOST_TEST(!menu.shows("wrong"));
  BOOST_TEST(menu.shows("*****"));
  menu.press("^u");
  menu.type("secret");
  menu.press("enter");
  BOOST_TEST(menu.title().contains("name of the image"));
  BOOST_TEST(menu.shows("smb://jo@nas/backup"));
  menu.press("enter");
  BOOST_TEST(menu.shows("Writable now: none"));
  menu.press("enter");
  BOOST_TEST(jobs.called("open smb://jo@nas/backup/ rw"));
  BOOST_TEST(jobs.save_request->image == "/run/drydock/mnt/nas/debian-pc-2026-11-25.img.zst");
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/nas");
  menu.press("f4");
  BOOST_TEST(!menu.shows("secret"));
}

BOOST_AUTO_TEST_CASE(an_image_is_restored_from_a_server_whose_key_was_compared) {
  jobs.server_key = kKey;
  Menu menu(jobs);
  menu.press("r n ^u");
  menu.type("ssh://nas/srv");
  menu.press("enter");
  BOOST_TEST(menu.title().contains("Is this the right server?"));
  BOOST_TEST(menu.shows(kKey));
  menu.press("enter");
  BOOST_TEST(menu.title().contains("Is this the right server?"));
  menu.press("n");
  BOOST_TEST(menu.title().contains("where on the network?"));
  BOOST_TEST(!jobs.called("close /run/drydock/mnt/nas"));
  menu.press("enter y");
  BOOST_TEST(menu.title().contains("Restore: which image?"));
  menu.press("enter");
  BOOST_TEST(jobs.called("inspect /run/drydock/mnt/nas/laptop-2026-10-01.img.zst"));
}

BOOST_AUTO_TEST_CASE(another_server_is_asked_about_anew) {
  jobs.server_key = kKey;
  Menu menu(jobs);
  menu.press("r n ^u");
  menu.type("ssh://nas/srv");
  menu.press("enter y esc ^u");
  menu.type("ssh://other/srv");
  menu.press("enter");
  BOOST_TEST(menu.title().contains("Is this the right server?"));
  BOOST_TEST(menu.shows("other is not known yet"));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_says_so) {
  Menu menu(jobs);
  menu.press("v n enter");
  BOOST_TEST(menu.shows("smb://"));
  BOOST_TEST(menu.model.flow().problem.has_value());
  menu.type("nas/share");
  BOOST_TEST(!menu.model.flow().problem.has_value());
  menu.press("esc");
  BOOST_TEST(menu.title().contains("where is the image?"));
}

BOOST_AUTO_TEST_CASE(without_any_volume_the_network_is_marked) {
  jobs.places.clear();
  Menu menu(jobs);
  menu.press("s enter");
  BOOST_TEST(menu.shows("No volume was found"));
  BOOST_TEST(menu.shows("> A share or server on the network"));
}

BOOST_AUTO_TEST_CASE(an_address_of_ones_own) {
  Menu menu(jobs);
  menu.press("s enter n f5 down tab");
  menu.type("10.0.0.7/8");
  menu.press("tab");
  menu.type("10.0.0.1");
  jobs.address_error = environment_error("eth1", "10.0.0.7/8 is no address", "");
  menu.press("enter");
  BOOST_TEST(menu.shows("is no address"));
  jobs.address_error.reset();
  menu.press("enter");
  BOOST_TEST(menu.title().contains("where on the network?"));
  BOOST_REQUIRE(jobs.address_chosen.has_value());
  BOOST_TEST((*jobs.address_chosen == AddressChoice{.port = "eth1",
                                                    .dhcp = false,
                                                    .address = "10.0.0.7/8",
                                                    .gateway = "10.0.0.1",
                                                    .nameserver = ""}));
  menu.press("f5 tab ^u tab ^u enter");
  BOOST_TEST(jobs.address_chosen->dhcp);
}

BOOST_AUTO_TEST_CASE(addresses_that_come_later_are_shown) {
  jobs.wires.ports[0].addresses.clear();
  Menu menu(jobs);
  menu.press("s enter n");
  BOOST_TEST(menu.shows("eth0      no address yet"));
  jobs.wires.ports[0].problem = "no answer to DHCP";
  menu.tick(2);
  BOOST_TEST(menu.shows("eth0      no address: no answer to DHCP"));
}

BOOST_AUTO_TEST_CASE(pages) {
  jobs.server_key = kKey;
  Menu menu(jobs);
  menu.press("s enter n");
  check_golden("network-server-80x25", menu.screen(80, 25));
  menu.press("f5");
  check_golden("network-address-80x25", menu.screen(80, 25));
  menu.press("esc ^u");
  menu.type("ssh://nas/srv");
  menu.press("enter");
  check_golden("network-key-80x25", menu.screen(80, 25));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
