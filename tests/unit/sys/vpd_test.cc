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
