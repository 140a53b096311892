#include "disk/layout_builder.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>

#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

constexpr std::uint64_t kDisk = 1000 * 512;

LayoutBuilder builder() {
  return LayoutBuilder(TableKind::mbr, kDisk, 512);
}

Partition numbered(unsigned number) {
  Partition partition;
  partition.number = number;
  return partition;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_layout_builder)

BOOST_AUTO_TEST_CASE(sorts_by_place_and_keeps_numbers) {
  LayoutBuilder b = builder();
  b.partition(numbered(1), 500, 100);
  b.partition(numbered(2), 100, 100);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(outline(layout) == "2:100+100 1:500+100");
  BOOST_TEST(layout.notes.empty());
}

BOOST_AUTO_TEST_CASE(cuts_at_the_end_of_the_disk) {
  LayoutBuilder b = builder();
  b.partition(numbered(1), 900, 200);
  b.partition(numbered(2), 1000, 1);
  b.partition(numbered(3), UINT64_MAX, UINT64_MAX);
  b.table_area(999, 50);
  b.table_area(UINT64_MAX / 512, 1);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(outline(layout) == "1:900+100");
  BOOST_TEST(!layout.partitions[0].whole_reason.empty());
  BOOST_TEST(layout.notes.size() == 4u);  // three cuts, and the overlap with the table
  BOOST_TEST(layout.table_areas.bytes() == 512u);
}

BOOST_AUTO_TEST_CASE(a_length_that_overflows_is_cut) {
  LayoutBuilder b = builder();
  b.partition(numbered(1), 1, UINT64_MAX);
  BOOST_TEST(outline(std::move(b).finish()) == "1:1+999");
}

BOOST_AUTO_TEST_CASE(neighbours_do_not_overlap) {
  LayoutBuilder b = builder();
  b.partition(numbered(1), 1, 99);
  b.partition(numbered(2), 100, 100);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(outline(layout) == "1:1+99 2:100+100");
  BOOST_TEST(layout.notes.empty());
}

BOOST_AUTO_TEST_CASE(overlapping_partitions_become_one_that_is_kept_whole) {
  LayoutBuilder b = builder();
  b.partition(numbered(1), 100, 100);
  b.partition(numbered(2), 150, 100);
  b.partition(numbered(3), 249, 10);
  b.partition(numbered(4), 300, 10);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(outline(layout) == "1:100+159 4:300+10");
  BOOST_TEST(!layout.partitions[0].whole_reason.empty());
  BOOST_TEST(layout.partitions[1].whole_reason.empty());
  BOOST_TEST(layout.notes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_longest_stands_for_those_inside_it) {
  LayoutBuilder b = builder();
  b.partition(numbered(2), 0, 10);
  b.partition(numbered(1), 0, 500);
  b.partition(numbered(3), 20, 10);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(outline(layout) == "1:0+500");
  BOOST_TEST(notes(layout).contains("partition 3 lies inside partition 1"));
}

BOOST_AUTO_TEST_CASE(overlap_with_the_table_is_doubted_except_in_sector_0) {
  LayoutBuilder b = builder();
  b.table_area(0, 1);
  b.table_area(300, 1);
  b.partition(numbered(1), 0, 100);
  b.partition(numbered(2), 250, 100);
  const Layout layout = std::move(b).finish();
  BOOST_TEST(layout.partitions[0].whole_reason.empty());
  BOOST_TEST(!layout.partitions[1].whole_reason.empty());
}

BOOST_AUTO_TEST_CASE(notes_are_bounded) {
  LayoutBuilder b = builder();
  for (unsigned i = 0; i < 1000; ++i) b.note("odd");
  const Layout layout = std::move(b).finish();
  BOOST_TEST(layout.notes.size() == LayoutBuilder::kMaxNotes + 1);
  BOOST_TEST(layout.notes.back() == "and 980 more of the kind");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
