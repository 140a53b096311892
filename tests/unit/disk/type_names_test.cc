#include "disk/type_names.h"

#include <boost/test/unit_test.hpp>

namespace drydock::disk::test {

BOOST_AUTO_TEST_SUITE(disk_type_names)

BOOST_AUTO_TEST_CASE(common_types_have_names_others_none) {
  BOOST_TEST(gpt_type_name("c12a7328-f81f-11d2-ba4b-00a0c93ec93b") == "EFI system");
  BOOST_TEST(gpt_type_name("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f") == "Linux swap");
  BOOST_TEST(gpt_type_name("00000000-0000-0000-0000-000000000000") == "");
  BOOST_TEST(gpt_type_name("") == "");
  BOOST_TEST(mbr_type_name(0x83) == "Linux");
  BOOST_TEST(mbr_type_name(0x99) == "");
  BOOST_TEST(apm_type_name("Apple_HFS") == "Apple HFS or HFS+");
  BOOST_TEST(apm_type_name("Nobody_Knows") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
