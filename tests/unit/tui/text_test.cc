// Fields, marks in lists, and text in columns.
#include <boost/test/unit_test.hpp>

#include "tui/choices.h"
#include "tui/cursor.h"
#include "tui/text_field.h"
#include "tui/words.h"

namespace drydock::tui {

BOOST_AUTO_TEST_SUITE(tui_text)

BOOST_AUTO_TEST_CASE(a_field_is_edited_by_characters_not_bytes) {
  TextField field("Bü");
  field.edit(character("r"));
  field.edit({KeyCode::left});
  field.edit({KeyCode::left});
  field.edit({KeyCode::backspace});
  BOOST_TEST(field.text() == "ür");
  field.edit({KeyCode::del});
  BOOST_TEST(field.text() == "r");
  field.edit({KeyCode::end});
  field.edit({KeyCode::backspace});
  field.edit({KeyCode::backspace});
  BOOST_TEST(field.empty());
}

BOOST_AUTO_TEST_CASE(control_u_empties_a_field) {
  TextField field("abc");
  BOOST_TEST(field.edit({KeyCode::control, "u"}));
  BOOST_TEST(field.text() == "");
  BOOST_TEST(!field.edit({KeyCode::up}));
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_field) {
  TextField field("abc");
  BOOST_TEST(field.parts().at == " ");
  field.edit({KeyCode::home});
  field.edit({KeyCode::right});
  BOOST_TEST(field.parts().before == "a");
  BOOST_TEST(field.parts().at == "b");
  BOOST_TEST(field.parts().after == "c");
}

BOOST_AUTO_TEST_CASE(the_first_move_marks_the_first_row) {
  for (const KeyCode code : {KeyCode::down, KeyCode::up, KeyCode::page_down, KeyCode::home}) {
    Cursor cursor;
    BOOST_TEST(cursor.move({code}, 3));
    BOOST_TEST(cursor.row == 0);
  }
  Cursor cursor;
  cursor.move({KeyCode::end}, 3);
  BOOST_TEST(cursor.row == 2);
}

BOOST_AUTO_TEST_CASE(a_mark_stays_inside_the_list) {
  Cursor cursor{2};
  cursor.move({KeyCode::down}, 3);
  BOOST_TEST(cursor.row == 2);
  cursor.move({KeyCode::page_up}, 3);
  BOOST_TEST(cursor.row == 0);
  cursor.move({KeyCode::down}, 0);
  BOOST_TEST(cursor.row == -1);
  BOOST_TEST(!cursor.move(character("x"), 3));
}

BOOST_AUTO_TEST_CASE(columns) {
  BOOST_TEST(left("abc", 5) == "abc  ");
  BOOST_TEST(right("abc", 5) == "  abc");
  BOOST_TEST(left("abcdef", 4) == "abc~");
  BOOST_TEST(cut_front("abcdef", 4) == "~def");
  BOOST_TEST(cut("日本語", 5) == "日本~");
  BOOST_TEST(width_of(cut("日本語", 4)) <= 4);
  BOOST_TEST(cut("abc", 0) == "");
}

BOOST_AUTO_TEST_CASE(wrapping) {
  BOOST_CHECK(wrap("one two three", 8) == (std::vector<std::string>{"one two", "three"}));
  BOOST_CHECK(wrap("abcdefghij", 4) == (std::vector<std::string>{"abcd", "efgh", "ij"}));
  BOOST_CHECK(wrap("", 4) == std::vector<std::string>{""});
  BOOST_CHECK(wrap("exactly8", 8) == std::vector<std::string>{"exactly8"});
}

BOOST_AUTO_TEST_CASE(names_that_are_taken_get_a_number) {
  job::FolderEntry taken;
  taken.name = "pc.img.zst";
  job::FolderEntry half;
  half.name = "pc-2.img.zst.part";
  BOOST_TEST(unused_name("pc.img.zst", {}) == "pc.img.zst");
  BOOST_TEST(unused_name("pc.img.zst", {taken, half}) == "pc-3.img.zst");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
