#include "fs/ext.h"

#include <boost/test/unit_test.hpp>

#include "fs/ext_groups.h"
#include "io/faulty.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::ExtVolume;

std::string reason(const io::BlockSource& volume) {
  const auto used = used_ext(volume);
  return used ? "" : used.error().what;
}

void flip(io::MemoryDisk& disk, std::uint64_t bit) {
  disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
}

constexpr std::uint64_t kSuper = 1024;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_ext)

BOOST_AUTO_TEST_CASE(maps_what_the_bitmaps_call_used) {
  for (const bool checksums : {false, true}) {
    const ExtVolume volume(checksums);
    BOOST_TEST(reason(volume.disk) == "");
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
        BOOST_TEST(reason(volume.disk).contains("features that Drydock does not know"));
        BOOST_TEST(probe_ext(volume.disk).value().has_value());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(feature_flags_of_a_volume_too_old_for_them_mean_the_whole_volume) {
  ExtVolume volume(true);
  test::put32(volume.disk, kSuper + 0x4C, 0);
  volume.seal();
  BOOST_TEST(reason(volume.disk).contains("revision 0"));
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_checksummed_metadata_changes_the_map) {
  const ExtVolume good(true);
  constexpr std::uint64_t kDescriptorsEnd = 2048 + 64;
  constexpr std::uint64_t kChecksumFlag = (kSuper + 0x64) * 8 + 10;
  std::vector<std::uint64_t> bits;
  for (std::uint64_t bit = kSuper * 8; bit < kDescriptorsEnd * 8; ++bit) bits.push_back(bit);
  for (const std::uint64_t bitmap : {3, 259})
    for (std::uint64_t bit = 0; bit < 256; ++bit) bits.push_back(bitmap * 1024 * 8 + bit);
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

BOOST_AUTO_TEST_CASE(counts_that_disagree_mean_the_whole_volume) {
  ExtVolume super;
  test::put32(super.disk, kSuper + 0xC, 1);
  BOOST_TEST(reason(super.disk).contains("superblock counts 1 free blocks"));
  ExtVolume group;
  test::put16(group.disk, 2048 + 0xC, 7);
  BOOST_TEST(reason(group.disk).contains("block group 0 counts 7 free clusters"));
  ExtVolume bitmap;
  flip(bitmap.disk, 3 * 1024 * 8 + 100);
  BOOST_TEST(reason(bitmap.disk).contains("but its bitmap has"));
}

BOOST_AUTO_TEST_CASE(metadata_that_a_bitmap_calls_free_means_the_whole_volume) {
  ExtVolume volume;
  // The count stays right: the inode table's first block is traded for another one.
  flip(volume.disk, 3 * 1024 * 8 + 4);
  flip(volume.disk, 3 * 1024 * 8 + 100);
  BOOST_TEST(reason(volume.disk).contains("call metadata free"));
}

BOOST_AUTO_TEST_CASE(an_unclean_state_means_the_whole_volume) {
  ExtVolume unmounted;
  test::put16(unmounted.disk, kSuper + 0x3A, 0);
  BOOST_TEST(reason(unmounted.disk).contains("not unmounted cleanly"));
  ExtVolume errors;
  test::put16(errors.disk, kSuper + 0x3A, 3);
  BOOST_TEST(reason(errors.disk).contains("recorded errors"));
  ExtVolume journal;
  test::put32(journal.disk, kSuper + 0x60, 0x4);
  BOOST_TEST(reason(journal.disk).contains("journal has not been replayed"));
}

BOOST_AUTO_TEST_CASE(a_group_without_a_bitmap_has_only_its_metadata_in_use) {
  for (const bool in_group : {true, false}) {
    ExtVolume volume(true);
    // Group 1 as it is when nothing was ever stored in it, its bitmap full of noise.
    test::put16(volume.disk, 2048 + 32 + 0x12, 2);
    const std::uint16_t free = 200 - 6;
    test::put16(volume.disk, 2048 + 32 + 0xC, free);
    test::put32(volume.disk, kSuper + 0xC, 256 - 16 + free);
    std::ranges::fill(volume.disk.content().subspan(259 * 1024, 1024), std::byte{0xA5});
    if (!in_group) {
      // Its inode table is elsewhere, in blocks that group 0 calls used.
      test::put32(volume.disk, 2048 + 32 + 0x8, 20);
      test::put16(volume.disk, 2048 + 32 + 0xC, free + 2);
      test::put32(volume.disk, kSuper + 0xC, 256 - 16 + free + 2);
    }
    volume.seal();
    BOOST_TEST(reason(volume.disk) == "");
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
    const bool metadata = (at >= 1024 && at < 2560) || at / 1024 == 3 || at / 1024 == 259;
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
