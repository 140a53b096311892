#include "sys/vpd.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

// A page 83h with one designator of the logical unit.
std::string page_83(char type, std::string_view name) {
  std::string page{'\0',   '\x83', '\0', static_cast<char>(name.size() + 4),
                   '\x01', type,   '\0', static_cast<char>(name.size())};
  return page.append(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_vpd)

BOOST_AUTO_TEST_CASE(the_serial_number_page) {
  BOOST_TEST(vpd_serial(test::vpd_page_80("  WD-123  ")) == "WD-123");
  BOOST_TEST(vpd_serial(test::vpd_page_80("")) == "");
  BOOST_TEST(vpd_serial(test::vpd_page_83("50014ee2b1234567")) == "");
  BOOST_TEST(vpd_serial("") == "");
  BOOST_TEST(vpd_serial(test::vpd_page_80("WD-123") + "what the file has behind the page") ==
             "WD-123");
}

BOOST_AUTO_TEST_CASE(the_name_of_the_logical_unit_not_of_its_port) {
  BOOST_TEST(vpd_wwn(test::vpd_page_83("50014ee2b1234567")) == "0x50014ee2b1234567");
  BOOST_TEST(vpd_wwn(page_83('\x02', std::string("\0\x25\x38\x5b\x01\x40\x12\x34", 8))) ==
             "eui.0025385b01401234");
  BOOST_TEST(vpd_wwn(page_83('\x01', "ATA     Model")) == "");
  BOOST_TEST(vpd_wwn(page_83('\x13', "12345678")) == "");
}

BOOST_AUTO_TEST_CASE(ata_words_are_swapped_back) {
  const auto identity = vpd_ata(test::vpd_page_89("ST1000DM003-1CH162", "Z1D12345", true));
  BOOST_REQUIRE(identity.has_value());
  BOOST_TEST(identity->model == "ST1000DM003-1CH162");
  BOOST_TEST(identity->serial == "Z1D12345");
  BOOST_TEST(identity->wwn == "");
  BOOST_TEST(identity->serial_ata);
}

// Words as the standard numbers them, set in a page of a drive.
void set_word(std::string& page, std::size_t number, std::uint16_t value) {
  page[60 + 2 * number] = static_cast<char>(value & 0xFF);
  page[60 + 2 * number + 1] = static_cast<char>(value >> 8);
}

BOOST_AUTO_TEST_CASE(what_an_ata_drive_may_hide) {
  std::string page = test::vpd_page_89("Model", "Serial", true);
  BOOST_TEST(!vpd_ata(page)->security.has_value());
  BOOST_TEST(!vpd_ata(page)->protected_area);
  set_word(page, 128, 0x000F);
  BOOST_TEST((vpd_ata(page)->security == AtaSecurity{true, true, true, false}));
  set_word(page, 128, 0x0021);
  BOOST_TEST((vpd_ata(page)->security == AtaSecurity{}));
  set_word(page, 128, 0x0013);
  BOOST_TEST((vpd_ata(page)->security == AtaSecurity{true, false, false, true}));
  set_word(page, 60, 0x5678);
  set_word(page, 61, 0x0234);
  BOOST_TEST(vpd_ata(page)->sectors == 0x02345678u);
  set_word(page, 83, 0x0400);
  set_word(page, 100, 0x6DB0);
  set_word(page, 101, 0x7470);
  BOOST_TEST(vpd_ata(page)->sectors == 0x74706DB0u);  // 1 TB
  set_word(page, 85, 0x0400);
  set_word(page, 86, 0x0800);
  set_word(page, 119, 0x0100);
  const AtaIdentity identity = *vpd_ata(page);
  BOOST_TEST((identity.protected_area && identity.overlay && identity.accessible_max));
}

BOOST_AUTO_TEST_CASE(pages_cut_anywhere_are_answered_emptily) {
  const std::string pages[] = {test::vpd_page_80("WD-123"), test::vpd_page_83("50014ee2b1234567"),
                               test::vpd_page_89("model", "serial", false)};
  for (const std::string& page : pages)
    for (std::size_t length = 0; length < page.size(); ++length) {
      const std::string_view cut = std::string_view(page).substr(0, length);
      BOOST_TEST(vpd_serial(cut).size() <= 6u);
      BOOST_TEST(vpd_wwn(cut).size() <= 18u);
      BOOST_TEST(!vpd_ata(cut).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
