#include "io/cut_sink.h"

#include <boost/test/unit_test.hpp>

#include "io/memory_disk.h"

namespace drydock::io {

BOOST_AUTO_TEST_SUITE(io_cut_sink)

BOOST_AUTO_TEST_CASE(drops_what_lies_behind_the_end) {
  MemoryDisk disk(std::vector<std::byte>(8, std::byte{'x'}));
  CutSink cut(disk, 20);
  BOOST_TEST(cut.geometry().bytes == 20u);
  BOOST_TEST(cut.write_at(0, as_bytes("ab")).has_value());
  BOOST_TEST(cut.write_at(6, as_bytes("cdef")).has_value());
  BOOST_TEST(cut.write_at(8, as_bytes("gh")).has_value());
  BOOST_TEST(cut.zero_at(3, 1).has_value());
  BOOST_TEST(cut.zero_at(12, 8).has_value());
  BOOST_TEST(cut.flush().has_value());
  BOOST_TEST(ByteReader(disk.content()).equals(0, std::string_view("abx\0xxcd", 8)));
  BOOST_TEST(cut.zero_at(7, 13).has_value());
  BOOST_TEST(std::to_integer<int>(disk.content()[7]) == 0);
}

BOOST_AUTO_TEST_CASE(has_an_end_all_the_same) {
  MemoryDisk disk(8);
  CutSink cut(disk, 20);
  BOOST_TEST(!cut.write_at(19, as_bytes("ab")).has_value());
  BOOST_TEST(!cut.zero_at(21, 0).has_value());
}

BOOST_AUTO_TEST_CASE(over_a_longer_sink_it_cuts_nothing_but_its_own_length) {
  MemoryDisk disk(40);
  CutSink cut(disk, 20);
  BOOST_TEST(cut.write_at(18, as_bytes("ab")).has_value());
  BOOST_TEST(ByteReader(disk.content()).equals(18, "ab"));
  BOOST_TEST(!cut.write_at(20, as_bytes("a")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
