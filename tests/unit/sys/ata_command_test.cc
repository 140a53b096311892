#include "sys/ata_command.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "io/fd.h"
#include "support/files.h"
#include "support/temp_dir.h"

#include <fcntl.h>

namespace drydock::sys {
namespace {

// Sense data in which a translation returns the registers: the address 0x0000'AABB'CCDD'EEFF in the
// order of SAT-3, table 149.
std::vector<std::byte> sense(std::uint8_t status) {
  std::vector<std::byte> bytes(22);
  const std::uint8_t raw[] = {0x72, 0x01, 0, 0x1D, 0,    0,    0,    14,   0x09, 0x0C, 1,
                              0,    0,    0, 0xCC, 0xFF, 0xBB, 0xEE, 0xAA, 0xDD, 0x40, status};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte{raw[i]};
  return bytes;
}

// A drive's factory settings, the sum of all bytes zero.
std::vector<std::byte> overlay(std::uint64_t last) {
  std::vector<std::byte> bytes(512);
  store_le(bytes.data() + 6, last);
  bytes[510] = std::byte{0xA5};
  unsigned sum = 0;
  for (const std::byte b : bytes) sum += std::to_integer<unsigned>(b);
  bytes[511] = static_cast<std::byte>(0x100 - sum % 0x100);
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_ata_command)

BOOST_AUTO_TEST_CASE(the_address_that_a_drive_returns) {
  BOOST_TEST(last_sector_in_sense(sense(0x50)).value() == 0xAABBCCDDEEFFu);
  BOOST_TEST(!last_sector_in_sense(sense(0x51)).has_value());  // an error
  auto bytes = sense(0x50);
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_TEST(!last_sector_in_sense(Bytes(bytes).first(length)).has_value());
  bytes[0] = std::byte{0x70};
  BOOST_TEST(!last_sector_in_sense(bytes).has_value());
}

BOOST_AUTO_TEST_CASE(an_overlay_must_add_up) {
  auto bytes = overlay(1'953'525'167);
  BOOST_TEST(last_sector_in_overlay(bytes).value() == 1'953'525'167u);
  bytes[100] ^= std::byte{1};
  BOOST_TEST(!last_sector_in_overlay(bytes).has_value());
  BOOST_TEST(!last_sector_in_overlay(std::vector<std::byte>(512)).has_value());
  BOOST_TEST(!last_sector_in_overlay({}).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_drive_is_not_asked) {
  const test::TempDir dir;
  test::write_file(dir / "file", "no drive");
  const io::Fd fd = io::open_path((dir / "file").string(), O_RDONLY).value();
  for (const auto question : {AtaQuestion::read_native_max, AtaQuestion::identify_overlay})
    BOOST_TEST(!ask_last_sector(fd.get(), question).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
