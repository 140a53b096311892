#include "sys/drive_limits.h"

#include <boost/test/unit_test.hpp>

namespace drydock::sys {
namespace {

constexpr std::uint64_t kTerabyte = 1'953'525'168;  // sectors

AtaIdentity drive() {
  AtaIdentity ata;
  ata.sectors = kTerabyte;
  return ata;
}

std::string only(const std::vector<std::string>& sentences) {
  BOOST_REQUIRE(sentences.size() == 1u);
  return sentences.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_drive_limits)

BOOST_AUTO_TEST_CASE(an_ordinary_drive_has_none) {
  AtaIdentity ata = drive();
  BOOST_TEST(drive_limits(std::nullopt, {}, std::nullopt).empty());
  BOOST_TEST(drive_limits(ata, {kTerabyte, kTerabyte}, std::nullopt).empty());
  ata.security = AtaSecurity{.frozen = true};  // as most firmware leaves them
  BOOST_TEST(drive_limits(ata, {}, OpalState{}).empty());
}

BOOST_AUTO_TEST_CASE(a_password_that_was_not_given) {
  AtaIdentity ata = drive();
  ata.security = AtaSecurity{.password = true, .locked = true};
  const std::string locked = only(drive_limits(ata, {}, std::nullopt));
  BOOST_TEST(locked.contains("locked with an ATA password"));
  BOOST_TEST(!locked.contains("wrong"));
  ata.security->expired = true;
  BOOST_TEST(only(drive_limits(ata, {}, std::nullopt)).contains("switch it off and on"));
  ata.security = AtaSecurity{.password = true};
  BOOST_TEST(only(drive_limits(ata, {}, std::nullopt)).contains("until it loses power"));
}

BOOST_AUTO_TEST_CASE(a_hidden_end) {
  const AtaIdentity ata = drive();
  const std::string area = only(drive_limits(ata, {kTerabyte + 20'971'520, {}}, std::nullopt));
  BOOST_TEST(area.contains("10.7 GB at its end are hidden by a host protected area"));
  const std::string overlay = only(drive_limits(ata, {{}, kTerabyte + 20'971'520}, std::nullopt));
  BOOST_TEST(overlay.contains("a device configuration overlay"));
  // One inside the other: each is told once.
  BOOST_TEST(drive_limits(ata, {kTerabyte + 8, kTerabyte + 8}, std::nullopt).size() == 1u);
  BOOST_TEST(drive_limits(ata, {kTerabyte + 8, kTerabyte + 16}, std::nullopt).size() == 2u);
  // A drive that says less than it has is not believed.
  BOOST_TEST(drive_limits(ata, {1, 1}, std::nullopt).empty());
}

BOOST_AUTO_TEST_CASE(a_drive_that_encrypts_itself) {
  const auto said = [](OpalState state) { return only(drive_limits({}, {}, state)); };
  BOOST_TEST(
      said({.enabled = true, .locked = true, .shadow = true}).contains("asks for the password"));
  BOOST_TEST(said({.enabled = true, .locked = true}).contains("cannot be read"));
  BOOST_TEST(said({.enabled = true}).contains("not encrypted"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
