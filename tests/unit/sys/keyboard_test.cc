#include "sys/keyboard.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"

namespace drydock::sys {

BOOST_AUTO_TEST_SUITE(sys_keyboard)

BOOST_AUTO_TEST_CASE(the_layouts_that_the_system_brings) {
  test::SysTreeBuilder machine;
  BOOST_TEST(keyboard_layouts(SysTree(machine.root())).empty());
  machine.write("/usr/share/keymaps/names", "ch-fr Swiss French\nbroken\nde German\n");
  const std::vector<KeyboardLayout> expected{{"ch-fr", "Swiss French"}, {"de", "German"}};
  BOOST_TEST((keyboard_layouts(SysTree(machine.root())) == expected));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
