#include "fs/fat.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::FatVolume;
using test::reason;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_fat)

BOOST_AUTO_TEST_CASE(maps_used_and_bad_clusters) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      const FatVolume volume(bits);
      BOOST_TEST(reason(used_fat(volume.disk)) == "");
      BOOST_TEST((used_fat(volume.disk).value() == volume.expected()));
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_what_the_boot_sector_says) {
  const FatVolume volume(32);
  const auto info = probe_fat(volume.disk).value().value();
  BOOST_TEST(info.filesystem == "FAT32");
  BOOST_TEST(info.label == "TINY");
  BOOST_TEST(info.uuid == "CAFE-1234");
  BOOST_TEST(info.total == volume.disk.geometry().bytes);
  BOOST_TEST(info.free == (volume.clusters - 7) * 512);
  BOOST_TEST((info.state == VolumeState::clean));
}

BOOST_AUTO_TEST_CASE(the_label_is_the_root_directory_s) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    FatVolume volume(bits);
    const std::uint64_t root = bits == 32 ? volume.data_offset() : volume.fat_offset(2);
    test::put_text(volume.disk, root, "REAL NAME  \x08");
    BOOST_TEST(probe_fat(volume.disk).value().value().label == "REAL NAME");
  }
}

BOOST_AUTO_TEST_CASE(copies_that_differ_mean_the_whole_volume) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    FatVolume volume(bits);
    volume.disk.content()[volume.fat_offset(1) + 100] ^= std::byte{1};
    BOOST_TEST(reason(used_fat(volume.disk)).contains("copies 1 and 2 of its FAT differ"));
  }
}

BOOST_AUTO_TEST_CASE(a_free_count_that_differs_means_the_whole_volume) {
  FatVolume volume(32);
  volume.set_entry(20, 0x0FFFFFFF);
  BOOST_TEST(reason(used_fat(volume.disk)).contains("FSInfo sector counts 2993 free clusters"));
  // Unset, it says nothing.
  test::put32(volume.disk, 512 + 488, 0xFFFFFFFF);
  BOOST_TEST(reason(used_fat(volume.disk)) == "");
}

BOOST_AUTO_TEST_CASE(an_unclean_state_means_the_whole_volume) {
  for (const unsigned bits : {16u, 32u}) {
    const std::uint32_t top = bits == 16 ? 0x8000 : 0x08000000;
    FatVolume dirty(bits);
    dirty.set_entry(1, 0x0FFFFFFF & ~top);
    BOOST_TEST(reason(used_fat(dirty.disk)).contains("not unmounted cleanly"));
    BOOST_TEST((probe_fat(dirty.disk).value().value().state == VolumeState::needs_check));
    FatVolume errors(bits);
    errors.set_entry(1, 0x0FFFFFFF & ~(top / 2));
    BOOST_TEST(reason(used_fat(errors.disk)).contains("errors"));
  }
  FatVolume mounted(12);
  mounted.disk.content()[37] = std::byte{1};
  BOOST_TEST(reason(used_fat(mounted.disk)).contains("not unmounted cleanly"));
}

BOOST_AUTO_TEST_CASE(contradictions_of_the_boot_sector_mean_the_whole_volume) {
  FatVolume truncated(16);
  test::put32(truncated.disk, 32, 100'000);
  BOOST_TEST(reason(used_fat(truncated.disk)).contains("more than the volume"));
  FatVolume named(12);
  test::put_text(named.disk, 54, "FAT16   ");
  BOOST_TEST(reason(used_fat(named.disk)).contains("calls itself FAT16"));
  FatVolume unmirrored(32);
  test::put16(unmirrored.disk, 40, 0x81);
  BOOST_TEST(reason(used_fat(unmirrored.disk)).contains("only one of its FATs"));
  FatVolume rootless(32);
  rootless.set_entry(2, 0);
  test::put32(rootless.disk, 512 + 488, 0xFFFFFFFF);
  BOOST_TEST(reason(used_fat(rootless.disk)).contains("FAT calls it free"));
  FatVolume small(32);
  test::put32(small.disk, 36, 10);
  BOOST_TEST(reason(used_fat(small.disk)).contains("too small"));
}

BOOST_AUTO_TEST_CASE(files_and_chains_that_disagree_mean_the_whole_volume) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      const auto reason_of = [&](auto change) {
        FatVolume volume(bits);
        if (bits == 32) test::put32(volume.disk, 512 + 488, 0xFFFFFFFF);
        change(volume);
        return reason(used_fat(volume.disk));
      };
      constexpr std::uint32_t kEnd = 0x0FFFFFFF;
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.set_entry(7, 0);
                 }).contains("cluster 7 belongs to a file but its FAT calls it free"));
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.set_entry(5, 0);
                 }).contains("cluster 5 belongs to a file but its FAT calls it free"));
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.set_entry(v.clusters + 1, 0);
                 }).contains("belongs to a file but its FAT calls it free"));
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.set_entry(7, kEnd);
                 }).contains("the file in cluster 5 needs 4 clusters but its chain has 3"));
      BOOST_TEST(reason_of([](FatVolume& v) { v.set_entry(6, 9); }).contains("does not exist"));
      BOOST_TEST(reason_of([](FatVolume& v) { v.set_entry(8, 5); }).contains("in two chains"));
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.put_root_entry(3, "OTHER      \x20", 5, 512);
                 }).contains("in two chains"));
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.put_root_entry(3, "NOWHERE    \x20", 0, 512);
                 }).contains("does not exist"));
      // A name that was deleted, a piece of a long one, an empty file, one with more than it needs.
      BOOST_TEST(reason_of([](FatVolume& v) {
                   v.put_root_entry(3, "\xE5OTHER     \x20", 5, 512);
                   v.put_root_entry(4, "LONG NAME  \x0F", 77, 77);
                   v.put_root_entry(5, "EMPTY      \x20", 0, 0);
                   v.put_root_entry(1, "FILE    TXT\x20", 5, 512);
                 }) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(other_boot_sectors_are_not_fat) {
  FatVolume ntfs(32);
  ntfs.disk.content()[16] = std::byte{0};
  BOOST_TEST(!probe_fat(ntfs.disk).value().has_value());
  FatVolume unsigned_sector(16);
  test::put16(unsigned_sector.disk, 510, 0);
  test::put_text(unsigned_sector.disk, 54, "        ");
  BOOST_TEST(!probe_fat(unsigned_sector.disk).value().has_value());
  BOOST_TEST(!probe_fat(io::MemoryDisk(0)).value().has_value());
}

BOOST_AUTO_TEST_CASE(a_read_error_anywhere_gives_the_same_map_or_a_reason) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    const FatVolume volume(bits);
    for (std::uint64_t at = 0; at < volume.data_offset() + 4096; at += 512) {
      io::Faults faults;
      faults.unreadable.add({at, 512});
      const io::FaultySource faulty(volume.disk, faults);
      const auto used = used_fat(faulty);
      if (used) BOOST_TEST((*used == volume.expected()));
      if (!used) BOOST_TEST(used.error().what.contains("cannot be read"));
      // Both tables, the root (of which FAT12's and FAT16's is read whole) and the folder.
      const std::uint64_t root_end = volume.data_offset() + (bits == 32 ? 512 : 0);
      if (at >= volume.fat_offset(2) && at < root_end) BOOST_TEST(!used.has_value());
      const bool needed =
          at == 0 || (at >= volume.fat_offset(0) && at < volume.fat_offset(2) - 1024);
      if (needed && at != volume.fat_offset(1) - 512) BOOST_TEST(!used.has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
