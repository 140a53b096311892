#include "sys/share_mount.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <map>

namespace drydock::sys {
namespace {

Url url_of(std::string_view text) {
  return *parse_url(text);
}

std::map<std::string, std::string> options_of(const NewMount& mount) {
  return {mount.options.begin(), mount.options.end()};
}

std::string sentence(std::string_view url, const std::vector<int>& refusals) {
  const Error error = share_failure(url_of(url), refusals);
  BOOST_TEST(exit_status(error) == 1);
  BOOST_TEST(!error.hint.empty());
  return error.sentence();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_share_mount)

BOOST_AUTO_TEST_CASE(a_user_of_smb) {
  const auto ways = ways_to_mount(url_of("smb://DOM;jo@nas:4450/s/a%20b"), "10.0.0.2", "p,w=1",
                                  Access::read_write);
  BOOST_REQUIRE_EQUAL(ways.size(), 1u);
  BOOST_TEST(ways[0].type == "cifs");
  BOOST_TEST(!ways[0].read_only);
  auto options = options_of(ways[0]);
  BOOST_TEST(options["source"] == "//10.0.0.2/s/a b");
  BOOST_TEST(options["ip"] == "10.0.0.2");
  BOOST_TEST(options["port"] == "4450");
  BOOST_TEST(options["username"] == "jo");
  BOOST_TEST(options["domain"] == "DOM");
  BOOST_TEST(options["password"] == "p,w=1");
}

BOOST_AUTO_TEST_CASE(a_guest_of_smb) {
  const auto ways = ways_to_mount(url_of("smb://nas/s"), "fd00::2", "", Access::read_only);
  BOOST_REQUIRE_EQUAL(ways.size(), 2u);
  BOOST_TEST(options_of(ways[0])["source"] == "//[fd00::2]/s");
  BOOST_TEST(options_of(ways[0])["username"].empty());
  BOOST_TEST(options_of(ways[1])["username"] == "guest");
  BOOST_TEST(!options_of(ways[1]).contains("password"));
  BOOST_TEST(ways[0].read_only);
}

// No version that makes this computer listen (4.0 for callbacks, 3 with locks), and not 4.2.
BOOST_AUTO_TEST_CASE(versions_of_nfs) {
  const auto ways = ways_to_mount(url_of("nfs://nas/srv/x"), "10.0.0.2", "", Access::read_only);
  BOOST_REQUIRE_EQUAL(ways.size(), 2u);
  BOOST_TEST(options_of(ways[0])["vers"] == "4.1");
  BOOST_TEST(options_of(ways[1])["vers"] == "3");
  BOOST_TEST((ways[1].flags == std::vector<std::string>{"hard", "nolock"}));
  BOOST_TEST(options_of(ways[0])["source"] == "10.0.0.2:/srv/x");
  BOOST_TEST(options_of(ways_to_mount(url_of("nfs://nas/x"), "fd00::2", "",
                                      Access::read_only)[0])["proto"] == "tcp6");
}

BOOST_AUTO_TEST_CASE(each_refusal_has_its_sentence) {
  BOOST_TEST(sentence("smb://jo@nas/s", {EACCES}).contains("does not take this password for jo"));
  BOOST_TEST(sentence("smb://nas/s", {EACCES, EACCES}).contains("lets no guest"));
  BOOST_TEST(sentence("smb://jo@nas/s", {ENOENT}).contains("has no such place: the share s."));
  BOOST_TEST(sentence("smb://jo@nas/s/f", {ENOENT}).contains("the folder /f in it"));
  BOOST_TEST(sentence("smb://jo@nas/s", {EKEYEXPIRED}).contains("has expired"));
  BOOST_TEST(sentence("smb://jo@nas/s", {EOPNOTSUPP}).contains("no version of the protocol"));
  BOOST_TEST(sentence("nfs://nas/x", {ENOENT, EACCES}).contains("has no such place"));
  BOOST_TEST(sentence("nfs://nas/x", {EPROTONOSUPPORT, EACCES})
                 .contains("does not let this computer use /x"));
  BOOST_TEST(sentence("nfs://nas/x", {EPROTONOSUPPORT, EPROTONOSUPPORT})
                 .contains("no version of the protocol"));
  BOOST_TEST(sentence("nfs://nas/x", {EIO, EIO}).contains("cannot be used"));
  BOOST_TEST(sentence("smb://nas/s", {ENODEV, ENODEV}).contains("no support for smb"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
