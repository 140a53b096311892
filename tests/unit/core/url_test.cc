#include "core/url.h"

#include <boost/test/unit_test.hpp>

namespace drydock {
namespace {

std::string refusal(std::string_view text) {
  const auto url = parse_url(text);
  return url ? "taken: " + url->text() : url.error().sentence();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_url)

BOOST_AUTO_TEST_CASE(all_parts_of_a_share) {
  const auto url = parse_url("smb://OFFICE;jo@nas.home:4450/backup/pcs/my%20pc.img.zst");
  BOOST_REQUIRE(url.has_value());
  BOOST_CHECK((*url == Url{.scheme = Url::Scheme::smb,
                           .domain = "OFFICE",
                           .user = "jo",
                           .host = "nas.home",
                           .port = 4450,
                           .share = "backup",
                           .path = "/pcs/my pc.img.zst"}));
  BOOST_TEST(url->text() == "smb://OFFICE;jo@nas.home:4450/backup/pcs/my%20pc.img.zst");
  BOOST_TEST(url->server() == "nas.home:4450");
}

BOOST_AUTO_TEST_CASE(as_little_as_possible) {
  const Url nfs = *parse_url("nfs://10.0.0.2/a/b");
  BOOST_CHECK(nfs.scheme == Url::Scheme::nfs);
  BOOST_TEST(nfs.host == "10.0.0.2");
  BOOST_TEST(nfs.path == "/a/b");
  const Url smb = *parse_url("smb://nas/s");
  BOOST_TEST(smb.user.empty());
  BOOST_TEST(smb.share == "s");
  BOOST_TEST(smb.path == "/");
  BOOST_TEST(parse_url("smb://nas/s")->port_or_usual() == 445);
  BOOST_TEST(parse_url("nfs://nas")->port_or_usual() == 2049);
  BOOST_TEST(parse_url("ssh://nas/~/x")->port_or_usual() == 22);
}

BOOST_AUTO_TEST_CASE(a_volume_of_this_computer) {
  const Url url = *parse_url("volume://My%20Backup:1/pcs/x.img");
  BOOST_CHECK((url == Url{.scheme = Url::Scheme::volume,
                          .domain = "",
                          .user = "",
                          .host = "My Backup:1",
                          .port = 0,
                          .share = "",
                          .path = "/pcs/x.img"}));
  BOOST_CHECK((*parse_url(url.text()) == url));
  BOOST_TEST(parse_url("volume://sdb1")->path == "/");
  BOOST_TEST(refusal("volume:///x").contains("names no volume"));
  BOOST_TEST(refusal("volume://a/../x").contains("straight down"));
}

BOOST_AUTO_TEST_CASE(an_ipv6_address) {
  const auto url = parse_url("ssh://root@[fd00::2]:2222/srv/x");
  BOOST_REQUIRE(url.has_value());
  BOOST_TEST(url->host == "fd00::2");
  BOOST_TEST(url->port == 2222);
  BOOST_TEST(url->text() == "ssh://root@[fd00::2]:2222/srv/x");
}

BOOST_AUTO_TEST_CASE(what_people_write) {
  BOOST_TEST(parse_url("smb://DOM\\jo@nas/s//a///b/")->domain == "DOM");
  BOOST_TEST(parse_url("smb://nas/s//a///b/")->path == "/a/b");
  BOOST_TEST(parse_url("smb://jo%40firm.example@nas/s$/x#1?.img")->user == "jo@firm.example");
  BOOST_TEST(parse_url("smb://jo@firm@nas/s$/x#1?.img")->user == "jo@firm");
  BOOST_TEST(parse_url("smb://nas/s$/x#1?.img")->path == "/x#1?.img");
  BOOST_TEST(parse_url("smb://nas/Größe/é")->share == "Größe");
}

BOOST_AUTO_TEST_CASE(its_text_reads_back_as_the_same) {
  const Url odd{.scheme = Url::Scheme::smb,
                .domain = "a;b",
                .user = "x@y:z%",
                .host = "::1",
                .port = 1,
                .share = "a b",
                .path = "/%41/?&[]"};
  // A domain cannot hold the separator; all else can.
  Url plain = odd;
  plain.domain = "ab";
  BOOST_CHECK((*parse_url(plain.text()) == plain));
}

BOOST_AUTO_TEST_CASE(a_password_is_refused_and_not_repeated) {
  const std::string sentence = refusal("smb://jo:Secret1@nas/s/x");
  BOOST_TEST(sentence.contains("password"));
  BOOST_TEST(!sentence.contains("Secret1"));
  BOOST_TEST(!refusal("ssh://jo:Sec@ret2@nas/x").contains("ret2"));
}

BOOST_AUTO_TEST_CASE(a_path_stays_inside_the_share) {
  for (const char* text : {"smb://nas/s/../x", "smb://nas/s/%2e%2e/x", "smb://nas/s/./x",
                           "nfs://nas/a%2Fb", "nfs://nas/../etc", "ssh://nas/a/.."})
    BOOST_TEST(refusal(text).contains("straight down"), text);
}

BOOST_AUTO_TEST_CASE(odd_input_is_told_of) {
  BOOST_TEST(refusal("smb://").contains("names no host"));
  BOOST_TEST(refusal("smb:///share").contains("names no host"));
  BOOST_TEST(refusal("smb://@nas/s").contains("no proper user"));
  BOOST_TEST(refusal("smb://DOM;@nas/s").contains("no proper user"));
  BOOST_TEST(refusal("ssh://-oProxyCommand=x@nas/s").contains("no proper user"));
  BOOST_TEST(refusal("ssh://-oProxyCommand=x/s").contains("neither a name nor an address"));
  BOOST_TEST(refusal("smb://nas").contains("names no share"));
  BOOST_TEST(refusal("smb://nas/").contains("names no share"));
  BOOST_TEST(refusal("smb://nas/a%5Cb/x").contains("\\"));
  BOOST_TEST(refusal("smb://nas:/s").contains("port"));
  BOOST_TEST(refusal("smb://nas:0/s").contains("port"));
  BOOST_TEST(refusal("smb://nas:65536/s").contains("port"));
  BOOST_TEST(refusal("smb://nas:44a/s").contains("port"));
  BOOST_TEST(refusal("smb://[::1/s").contains("]"));
  BOOST_TEST(refusal("smb://[nas]/s").contains("no IPv6 address"));
  BOOST_TEST(refusal("smb://[::1]445/s").contains("no port"));
  BOOST_TEST(refusal("smb://na s/s").contains("neither a name"));
  BOOST_TEST(refusal("smb://nas,ip=1.2.3.4/s").contains("neither a name"));
  BOOST_TEST(refusal("smb://nas/s/%").contains("%"));
  BOOST_TEST(refusal("smb://nas/s/%4").contains("%"));
  BOOST_TEST(refusal("smb://nas/s/%zz").contains("%"));
  BOOST_TEST(refusal("smb://nas/s/%00").contains("control character"));
  BOOST_TEST(refusal("smb://nas/s/a\nb").contains("control character"));
  BOOST_TEST(refusal("nfs://jo@nas/x").contains("NFS does not know"));
  BOOST_TEST(refusal("http://nas/x").contains("smb://"));
  BOOST_TEST(refusal("").contains("smb://"));
}

BOOST_AUTO_TEST_CASE(paths_are_no_urls) {
  for (const char* path : {"/mnt/smb://x", "smb:/x", "smb", "-", "", "SMB://x/y", "ftp://x"})
    BOOST_TEST(!is_url(path), path);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
