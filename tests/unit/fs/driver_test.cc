#include "fs/driver.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "io/faulty.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {

BOOST_AUTO_TEST_SUITE(fs_driver)

BOOST_AUTO_TEST_CASE(names_are_unique_and_every_driver_probes) {
  std::set<std::string_view> names;
  for (const Driver& driver : drivers()) {
    BOOST_TEST(names.insert(driver.name).second);
    BOOST_TEST(driver.probe != nullptr);
    BOOST_TEST((driver.used == nullptr || driver.whole_reason.empty()));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_recognised_in_zeros_or_in_nothing) {
  for (const std::uint64_t bytes : {0, 1, 511, 512, 4096, 100'000, 3'000'000}) {
    const io::MemoryDisk disk(bytes);
    BOOST_TEST(identify(disk).filesystem == "");
    const Volume found = survey(disk, {});
    BOOST_TEST(found.whole_reason.contains("does not recognise"));
    BOOST_TEST((found.used == ExtentMap::whole(bytes)));
  }
}

BOOST_AUTO_TEST_CASE(a_survey_has_the_map_and_the_facts) {
  const test::ExtVolume volume;
  Partition partition;
  partition.number = 3;
  const Volume found = survey(volume.disk, partition);
  BOOST_TEST(found.used_block());
  BOOST_TEST((found.used == volume.expected()));
  BOOST_TEST(found.info.label == "tiny");
  BOOST_TEST(found.partition.number == 3u);
}

BOOST_AUTO_TEST_CASE(a_filesystem_over_another_means_the_whole_volume) {
  test::ExtVolume volume;
  const test::FatVolume fat(16);
  std::ranges::copy(fat.disk.content().first(512), volume.disk.content().begin());
  const Volume found = survey(volume.disk, {});
  BOOST_TEST(found.whole_reason ==
             "it looks like ext2 and like FAT16, and one of them is a leftover");
  BOOST_TEST((found.used == ExtentMap::whole(test::ExtVolume::kBytes)));
}

BOOST_AUTO_TEST_CASE(a_short_magic_number_counts_only_where_nothing_else_does) {
  test::ExtVolume volume;
  // The low half of the free inode count looks like Minix.
  test::put16(volume.disk, 1024 + 16, 0x138F);
  const Volume found = survey(volume.disk, {});
  BOOST_TEST(found.info.filesystem == "ext2");
  BOOST_TEST(!found.whole_reason.contains("leftover"), found.whole_reason);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_means_the_whole_volume) {
  const test::ExtVolume volume;
  io::Faults faults;
  faults.unreadable.add({0, 512});
  const Volume found = survey(io::FaultySource(volume.disk, faults), {});
  BOOST_TEST(found.info.filesystem == "ext2");
  BOOST_TEST(found.whole_reason.contains("cannot be read"), found.whole_reason);
}

BOOST_AUTO_TEST_CASE(a_driver_without_a_map_says_so) {
  io::MemoryDisk disk(1 << 20);
  using namespace std::string_view_literals;
  test::put_text(disk, 65536, "\x01\x16\x19\x70\0\0\0\x01"sv);
  const Volume found = survey(disk, {});
  BOOST_TEST(found.info.filesystem == "GFS2");
  BOOST_TEST(found.whole_reason == "Drydock has no allocation-map reader for GFS2 yet");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
