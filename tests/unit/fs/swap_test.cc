#include "fs/swap.h"

#include <boost/test/unit_test.hpp>

#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::reason;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_swap)

BOOST_AUTO_TEST_CASE(keeps_the_header_and_the_tail) {
  const io::MemoryDisk disk = test::swap_volume();
  BOOST_TEST((used_swap(disk).value() == ExtentMap::from({{0, 4096}, {32 * 4096, 4096}})));
  const auto info = probe_swap(disk).value().value();
  BOOST_TEST(info.label == "tiny");
  BOOST_TEST(info.uuid == "30313233-3435-3637-3839-616263646566");
  BOOST_TEST(info.total == 32u * 4096);
}

BOOST_AUTO_TEST_CASE(doubts_mean_the_whole_volume) {
  io::MemoryDisk version = test::swap_volume();
  test::put32(version, 1024, 2);
  BOOST_TEST(reason(used_swap(version)).contains("version 2"));
  io::MemoryDisk foreign = test::swap_volume();  // of a big-endian machine
  test::put32(foreign, 1024, 0x01000000);
  BOOST_TEST(reason(used_swap(foreign)).contains("version"));
  io::MemoryDisk old = test::swap_volume();
  test::put_text(old, 4086, "SWAP-SPACE");
  BOOST_TEST(reason(used_swap(old)).contains("old kind"));
  io::MemoryDisk large = test::swap_volume();
  test::put32(large, 1028, 40);
  BOOST_TEST(reason(used_swap(large)).contains("41 pages"));
  io::MemoryDisk leftover = test::swap_volume();
  leftover.content()[3000] = std::byte{1};
  BOOST_TEST(reason(used_swap(leftover)).contains("something else in its header page"));
  io::MemoryDisk asleep = test::swap_volume();
  test::put_text(asleep, 4086, std::string_view("S1SUSPEND\0", 10));
  BOOST_TEST(reason(used_swap(asleep)).contains("hibernated"));
  BOOST_TEST((probe_swap(asleep).value().value().state == VolumeState::hibernated));
}

// The kernel's marks, of 2.6 and before, of uswsusp and of TuxOnIce; wherever a page may end.
BOOST_AUTO_TEST_CASE(every_mark_of_an_image_means_the_whole_volume) {
  for (const std::string_view mark :
       {std::string_view("S1SUSPEND\0", 10), std::string_view("S2SUSPEND\0", 10),
        std::string_view("ULSUSPEND\0", 10), std::string_view("LINHIB0001"),
        std::string_view("\xed\xc3\x02\xe9\x98\x56\xe5\x0c", 8)}) {
    for (const std::uint64_t page : {4096, 8192, 16384, 32768, 65536}) {
      BOOST_TEST_CONTEXT(mark << " " << page) {
        io::MemoryDisk disk = test::swap_volume();
        if (page == 4096) test::put_text(disk, 4086, std::string_view("\0\0\0\0\0\0\0\0\0\0", 10));
        test::put_text(disk, page - 10, mark);
        BOOST_TEST(reason(used_swap(disk)) == "it holds the memory of a hibernated system");
        BOOST_TEST((probe_swap(disk).value().value().state == VolumeState::hibernated));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(bad_pages_and_traces_of_an_image_are_no_doubts) {
  io::MemoryDisk disk = test::swap_volume();
  test::put32(disk, 1032, 2);
  test::put32(disk, 1536, 7);
  test::put32(disk, 1540, 9);
  disk.content()[4070] = std::byte{1};
  BOOST_TEST(reason(used_swap(disk)) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
