#include <boost/test/unit_test.hpp>
#include <set>
#include <string_view>

#include "core/layout.h"
#include "core/volume.h"

namespace drydock {

BOOST_AUTO_TEST_SUITE(core_names)

BOOST_AUTO_TEST_CASE(every_table_and_every_state_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const TableKind kind : {TableKind::none, TableKind::mbr, TableKind::gpt, TableKind::apm})
    BOOST_TEST(names.insert(table_name(kind)).second);
  for (const VolumeState state : {VolumeState::unknown, VolumeState::clean, VolumeState::dirty,
                                  VolumeState::needs_check, VolumeState::hibernated})
    BOOST_TEST(names.insert(state_name(state)).second);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
