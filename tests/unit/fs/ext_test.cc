#include "fs/ext.h"

#include <boost/test/unit_test.hpp>

#include "fs/ext_groups.h"
#include "io/faulty.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::ExtVolume;
using test::flip;
using test::reason;

constexpr std::uint64_t kSuper = 1024;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_ext)

BOOST_AUTO_TEST_CASE(maps_what_the_bitmaps_call_used) {
  for (const bool checksums : {false, true}) {
    const ExtVolume volume(checksums);
    BOOST_TEST(reason(used_ext(volume.disk)) == "");
    BOOST_TEST((used_ext(volume.disk).value() == volume.expected()));
  }
}

BOOST_AUTO_TEST_CASE(tells_what_the_superblock_says) {
  const ExtVolume volume(true);
  const auto info = probe_ext(volume.disk).value().value();
  BOOST_TEST(info.filesystem == "ext4");
  BOOST_TEST(info.label == "tiny");
  BOOST_TEST(info.uuid == "30313233-3435-3637-3839-616263646566");
  BOOST_TEST(info.cluster == 1024u);
  BOOST_TEST(info.total == ExtVolume::kBytes);
  BOOST_TEST(info.used + info.free == info.total);
  BOOST_TEST((info.state == VolumeState::clean));
}

BOOST_AUTO_TEST_CASE(every_unknown_feature_flag_means_the_whole_volume) {
  constexpr std::uint32_t kKnown[] = {0x1E3D, 0x3E7DE, 0x1B77B};
  for (std::size_t set = 0; set < 3; ++set) {
    for (unsigned bit = 0; bit < 32; ++bit) {
      if ((kKnown[set] >> bit & 1) != 0) continue;
      BOOST_TEST_CONTEXT(set << " " << bit) {
        ExtVolume volume(true);
        flip(volume.disk, (kSuper + 0x5C + 4 * set) * 8 + bit);
        volume.seal();
        BOOST_TEST(reason(used_ext(volume.disk)).contains("features that Drydock does not know"));
        BOOST_TEST(probe_ext(volume.disk).value().has_value());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(feature_flags_of_a_volume_too_old_for_them_mean_the_whole_volume) {
  ExtVolume volume(true);
  test::put32(volume.disk, kSuper + 0x4C, 0);
  volume.seal();
  BOOST_TEST(reason(used_ext(volume.disk)).contains("revision 0"));
}

// Where the builder's inodes are: both tables from their first block on.
std::uint64_t inode_offset(std::uint32_t number) {
  return number < 17 ? 5 * 1024 + (number - 1) * 128 : 261 * 1024 + (number - 17) * 128;
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_checksummed_metadata_changes_the_map) {
  const ExtVolume good(true);
  constexpr std::uint64_t kDescriptorsEnd = 2048 + 64;
  constexpr std::uint64_t kChecksumFlag = (kSuper + 0x64) * 8 + 10;
  std::vector<std::uint64_t> bits;
  const auto add = [&](std::uint64_t offset, std::uint64_t length) {
    for (std::uint64_t bit = offset * 8; bit < (offset + length) * 8; ++bit) bits.push_back(bit);
  };
  add(kSuper, kDescriptorsEnd - kSuper);
  for (const std::uint64_t bitmap : {3, 259}) add(bitmap * 1024, 256 / 8);
  for (const std::uint64_t bitmap : {4, 260}) add(bitmap * 1024, 16 / 8);
  for (const std::uint32_t inode : {12, 13, 17}) add(inode_offset(inode), 128);
  add(20 * 1024, 24);
  io::MemoryDisk disk = good.disk;
  for (const std::uint64_t bit : bits) {
    flip(disk, bit);
    const auto used = used_ext(disk);
    // The flag that tells of the checksums is the only one that nothing vouches for.
    BOOST_REQUIRE_MESSAGE(used.has_value() == (bit == kChecksumFlag), "bit " << bit);
    if (used) BOOST_TEST((*used == good.expected()));
    flip(disk, bit);
  }
}

BOOST_AUTO_TEST_CASE(a_block_of_an_inode_that_a_bitmap_calls_free_means_the_whole_volume) {
  for (const std::uint64_t block : {20, 21, 24, 25, 26, 27, 28, 29}) {
    for (const bool checksums : {false, true}) {
      ExtVolume volume(checksums);
      // The count stays right: the block is traded for another one.
      flip(volume.disk, 3 * 1024 * 8 + block - 1);
      flip(volume.disk, 3 * 1024 * 8 + 100);
      volume.seal();
      const std::string found = reason(used_ext(volume.disk));
      BOOST_TEST(found.contains(block < 25 ? "inode 12 uses blocks" : "inode 13 uses blocks"),
                 found);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_inode_that_leads_nowhere_means_the_whole_volume) {
  ExtVolume outside;
  test::put32(outside.disk, inode_offset(17) + 0x28 + 12 + 8, 457);
  BOOST_TEST(reason(used_ext(outside.disk)).contains("inode 17 is damaged (blocks outside"));
  ExtVolume deep;
  test::put16(deep.disk, inode_offset(12) + 0x28 + 6, 9);
  BOOST_TEST(reason(used_ext(deep.disk)).contains("inode 12: its extent tree is damaged"));
  ExtVolume same;
  // A node that would lead to itself has another depth than is expected below it.
  test::put16(same.disk, 20 * 1024 + 6, 1);
  test::put32(same.disk, 20 * 1024 + 12 + 4, 20);
  BOOST_TEST(reason(used_ext(same.disk)).contains("inode 12: its extent tree is damaged"));
  ExtVolume circle;
  test::put32(circle.disk, 25 * 1024, 25);
  BOOST_TEST(reason(used_ext(circle.disk)) == "");
}

BOOST_AUTO_TEST_CASE(trees_shared_by_many_inodes_are_not_read_without_end) {
  ExtVolume volume;
  // Three levels, every number of which leads to the same block of numbers.
  test::put32(volume.disk, inode_offset(13) + 0x28 + 4 * 14, 25);
  for (std::uint64_t i = 0; i < 256; ++i) test::put32(volume.disk, 25 * 1024 + 4 * i, 25);
  BOOST_TEST(reason(used_ext(volume.disk)).contains("blocks used more than once"));
}

BOOST_AUTO_TEST_CASE(counts_of_inodes_that_disagree_mean_the_whole_volume) {
  ExtVolume group;
  test::put16(group.disk, 2048 + 0xE, 3);
  BOOST_TEST(reason(used_ext(group.disk))
                 .contains("block group 0 counts 3 free inodes but its bitmap has"));
  ExtVolume super;
  test::put32(super.disk, kSuper + 0x10, 5);
  BOOST_TEST(reason(used_ext(super.disk)).contains("superblock counts 5 free inodes"));
}

BOOST_AUTO_TEST_CASE(counts_that_disagree_mean_the_whole_volume) {
  ExtVolume super;
  test::put32(super.disk, kSuper + 0xC, 1);
  BOOST_TEST(reason(used_ext(super.disk)).contains("superblock counts 1 free blocks"));
  ExtVolume group;
  test::put16(group.disk, 2048 + 0xC, 7);
  BOOST_TEST(reason(used_ext(group.disk)).contains("block group 0 counts 7 free clusters"));
  ExtVolume bitmap;
  flip(bitmap.disk, 3 * 1024 * 8 + 100);
  BOOST_TEST(reason(used_ext(bitmap.disk)).contains("but its bitmap has"));
}

BOOST_AUTO_TEST_CASE(metadata_that_a_bitmap_calls_free_means_the_whole_volume) {
  ExtVolume volume;
  // The count stays right: the inode table's first block is traded for another one.
  flip(volume.disk, 3 * 1024 * 8 + 4);
  flip(volume.disk, 3 * 1024 * 8 + 100);
  BOOST_TEST(reason(used_ext(volume.disk)).contains("call metadata free"));
}

BOOST_AUTO_TEST_CASE(an_unclean_state_means_the_whole_volume) {
  ExtVolume unmounted;
  test::put16(unmounted.disk, kSuper + 0x3A, 0);
  BOOST_TEST(reason(used_ext(unmounted.disk)).contains("not unmounted cleanly"));
  ExtVolume errors;
  test::put16(errors.disk, kSuper + 0x3A, 3);
  BOOST_TEST(reason(used_ext(errors.disk)).contains("recorded errors"));
  ExtVolume journal;
  test::put32(journal.disk, kSuper + 0x60, 0x4);
  BOOST_TEST(reason(used_ext(journal.disk)).contains("journal has not been replayed"));
  // With a journal that lies elsewhere.
  test::put32(journal.disk, kSuper + 0x5C, 0x4);
  BOOST_TEST(reason(used_ext(journal.disk)).contains("another device and has not been replayed"));
}

BOOST_AUTO_TEST_CASE(a_group_without_a_bitmap_has_only_its_metadata_in_use) {
  for (const bool in_group : {true, false}) {
    ExtVolume volume(true);
    // Group 1 as it is when nothing was ever stored in it, its bitmaps full of noise.
    test::put16(volume.disk, 2048 + 32 + 0x12, 3);
    test::put16(volume.disk, 2048 + 32 + 0xE, 16);
    test::put32(volume.disk, kSuper + 0x10, 30);
    const std::uint16_t free = 200 - 6;
    test::put16(volume.disk, 2048 + 32 + 0xC, free);
    test::put32(volume.disk, kSuper + 0xC, 256 - 16 + free);
    std::ranges::fill(volume.disk.content().subspan(259 * 1024, 2048), std::byte{0xA5});
    if (!in_group) {
      // Its inode table is elsewhere, in blocks that group 0 calls used.
      test::put32(volume.disk, 2048 + 32 + 0x8, 20);
      test::put16(volume.disk, 2048 + 32 + 0xC, free + 2);
      test::put32(volume.disk, kSuper + 0xC, 256 - 16 + free + 2);
    }
    volume.seal();
    BOOST_TEST(reason(used_ext(volume.disk)) == "");
    const ExtentMap used = used_ext(volume.disk).value();
    BOOST_TEST(used.clipped({257 * 1024, 200 * 1024}).bytes() == (in_group ? 6u : 4u) * 1024);
  }
}

BOOST_AUTO_TEST_CASE(a_read_error_anywhere_gives_the_same_map_or_a_reason) {
  const ExtVolume volume(true);
  for (std::uint64_t at = 0; at < ExtVolume::kBytes; at += 512) {
    io::Faults faults;
    faults.unreadable.add({at, 512});
    const io::FaultySource faulty(volume.disk, faults);
    const auto used = used_ext(faulty);
    const auto is = [&](std::uint64_t from, std::uint64_t end) {
      return at >= from * 512 && at < end * 512;
    };
    // Superblock and descriptors; bitmaps; inodes 12, 13 and 17; nodes of trees.
    const bool metadata = is(2, 5) || is(6, 10) || is(12, 14) || is(518, 522) || is(522, 523) ||
                          is(40, 42) || is(50, 52);
    BOOST_TEST(used.has_value() == !metadata);
    if (used) BOOST_TEST((*used == volume.expected()));
    if (!used) BOOST_TEST(used.error().what.contains("cannot be read"));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_recognised_without_the_magic_number) {
  ExtVolume volume;
  test::put16(volume.disk, kSuper + 0x38, 0xEF52);
  BOOST_TEST(!probe_ext(volume.disk).value().has_value());
  BOOST_TEST(!probe_ext(io::MemoryDisk(1500)).value().has_value());
  BOOST_TEST(!probe_ext(io::MemoryDisk(0)).value().has_value());
}

BOOST_AUTO_TEST_CASE(crc16_has_the_check_value_of_crc16_arc) {
  BOOST_TEST(crc16(0, as_bytes("123456789")) == 0xBB3D);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
