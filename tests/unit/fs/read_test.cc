#include "fs/read.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "io/memory_disk.h"

namespace drydock::fs {

BOOST_AUTO_TEST_SUITE(fs_read)

BOOST_AUTO_TEST_CASE(a_padded_read_gives_zeros_behind_the_end) {
  io::MemoryDisk disk(100);
  std::ranges::fill(disk.content(), std::byte{1});
  const auto across = read_padded(disk, 90, 20);
  BOOST_REQUIRE(across.has_value());
  BOOST_TEST(((*across)[9] == std::byte{1} && (*across)[10] == std::byte{0}));
  BOOST_TEST(all_zero(read_padded(disk, 1000, 8).value()));
}

BOOST_AUTO_TEST_CASE(a_window_reads_neighbours_once) {
  const io::MemoryDisk disk(1 << 20);
  const io::FaultySource counted(disk, {});
  Window window(counted, 64 * 1024);
  for (std::uint64_t at = 4096; at < 60 * 1024; at += 512)
    BOOST_REQUIRE(window.at(at, 512).has_value());
  BOOST_TEST(counted.reads() == 1u);
  BOOST_TEST(window.at(512 * 1024, 100'000).value().size() == 100'000u);
  BOOST_TEST(!window.at((1 << 20) - 10, 20).has_value());
  BOOST_TEST(!window.at(UINT64_MAX - 5, 4).has_value());
}

BOOST_AUTO_TEST_CASE(a_bad_sector_hurts_only_those_who_need_it) {
  const io::MemoryDisk disk(1 << 20);
  io::Faults faults;
  faults.unreadable.add({8192, 512});
  const io::FaultySource faulty(disk, faults);
  Window window(faulty);
  BOOST_TEST(window.at(4096, 4096).has_value());
  BOOST_TEST(window.at(8704, 512).has_value());
  const auto bad = naming(window.at(8192, 512), "the bitmap");
  BOOST_REQUIRE(!bad.has_value());
  BOOST_TEST(bad.error().what.contains("the bitmap cannot be read"));
  BOOST_TEST(window.at(4096, 4096).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
