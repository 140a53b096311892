#include "io/faulty.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "io/memory_disk.h"

namespace drydock::io {

BOOST_AUTO_TEST_SUITE(io_faulty)

BOOST_AUTO_TEST_CASE(a_bad_area_fails_every_read_that_touches_it) {
  const MemoryDisk disk(1000);
  const FaultySource faulty(disk, {.unreadable = ExtentMap::from({{100, 50}})});
  BOOST_TEST(read_bytes(faulty, 0, 100).has_value());
  BOOST_TEST(read_bytes(faulty, 150, 850).has_value());
  for (const Extent bad : {Extent{0, 101}, Extent{149, 1}, Extent{120, 5}, Extent{0, 1000}}) {
    const auto read = read_bytes(faulty, bad.offset, bad.length);
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST((read.error().code == Code::unreadable));
    BOOST_TEST(read.error().os == EIO);
  }
  BOOST_TEST(faulty.reads() == 6u);
}

BOOST_AUTO_TEST_CASE(a_drive_may_die_after_some_reads) {
  const MemoryDisk disk(1000);
  const FaultySource dying(disk, {.dies_after = 2});
  BOOST_TEST(read_bytes(dying, 0, 1).has_value());
  BOOST_TEST(read_bytes(dying, 0, 1).has_value());
  for (int i = 0; i < 3; ++i) {
    const auto read = read_bytes(dying, 0, 1);
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST((read.error().code == Code::environment));
  }
}

BOOST_AUTO_TEST_CASE(a_sink_may_be_full) {
  MemoryDisk disk(1000);
  FaultySink full(disk, {.full_at = 500});
  BOOST_TEST(full.write_at(496, as_bytes("1234")).has_value());
  const auto written = full.write_at(497, as_bytes("5678"));
  BOOST_REQUIRE(!written.has_value());
  BOOST_TEST(written.error().os == ENOSPC);
  BOOST_TEST((written.error().code == Code::environment));
  BOOST_TEST(!full.zero_at(0, 501).has_value());
  BOOST_TEST(full.zero_at(0, 400).has_value());
  BOOST_TEST(full.flush().has_value());
  BOOST_TEST(ByteReader(disk.content()).equals(496, "1234"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
