#include "fs/apfs.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "unit/fs/apfs_builder.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::ApfsDisk;
using test::reason;

// The reason after a field has been changed, checksums right.
std::string reason_with64(std::uint64_t block, std::uint64_t offset, std::uint64_t value) {
  ApfsDisk apfs;
  apfs.put64(ApfsDisk::at(block, offset), value);
  apfs.seal();
  return reason(used_apfs(apfs.disk));
}

// In both copies of the superblock.
std::string reason_with_super64(std::uint64_t offset, std::uint64_t value) {
  ApfsDisk apfs;
  for (const std::uint64_t block : {std::uint64_t{0}, ApfsDisk::kDescriptors + 1ul})
    apfs.put64(ApfsDisk::at(block, offset), value);
  apfs.seal();
  return reason(used_apfs(apfs.disk));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_apfs)

BOOST_AUTO_TEST_CASE(maps_what_the_space_manager_does_not_call_free) {
  for (const bool cab : {false, true}) {
    const ApfsDisk apfs(cab);
    BOOST_TEST(reason(used_apfs(apfs.disk)) == "");
    BOOST_TEST((used_apfs(apfs.disk).value() == apfs.expected()));
  }
}

BOOST_AUTO_TEST_CASE(tells_what_the_container_says) {
  const ApfsDisk apfs;
  const auto info = probe_apfs(apfs.disk).value().value();
  BOOST_TEST(info.filesystem == "APFS");
  BOOST_TEST(info.label == "tiny");
  BOOST_TEST(info.uuid == "30313233-3435-3637-3839-616263646566");
  BOOST_TEST(info.cluster == 4096u);
  BOOST_TEST(info.total == ApfsDisk::kBlocks * 4096);
  BOOST_TEST(info.used == apfs.expected().bytes());
  BOOST_TEST(info.used + info.free == info.total);
  BOOST_TEST((info.state == VolumeState::clean));
}

BOOST_AUTO_TEST_CASE(the_latest_checkpoint_that_is_whole_counts) {
  // Block zero is older: the container was not unmounted, but every checkpoint is consistent.
  ApfsDisk crashed;
  crashed.put64(ApfsDisk::at(0, 16), ApfsDisk::kXid - 1);
  crashed.seal();
  BOOST_TEST(reason(used_apfs(crashed.disk)) == "");
  BOOST_TEST((probe_apfs(crashed.disk).value().value().state == VolumeState::dirty));

  // One that was being written when power failed is passed over.
  ApfsDisk torn;
  torn.put64(ApfsDisk::at(ApfsDisk::kDescriptors + 3, 16), ApfsDisk::kXid + 1);
  BOOST_TEST(reason(used_apfs(torn.disk)) == "");
  torn.seal();
  BOOST_TEST(reason(used_apfs(torn.disk)).contains("latest checkpoint's map is damaged"));

  // The one that block zero was a copy of has gone.
  ApfsDisk lost;
  lost.disk.content()[ApfsDisk::at(ApfsDisk::kDescriptors + 1, 100)] ^= std::byte{1};
  BOOST_TEST(reason(used_apfs(lost.disk))
                 .contains("its last checkpoint 5 is lost, the latest one found is 4"));
}

BOOST_AUTO_TEST_CASE(every_unknown_flag_means_the_whole_container) {
  struct Set {
    std::uint64_t offset, known;
  };
  for (const Set set : {Set{0x30, 0x3}, {0x38, 0}, {0x40, 0x3}, {0x4F0, 0x7}})
    for (unsigned bit = 0; bit < 64; ++bit) {
      if ((set.known >> bit & 1) != 0) continue;
      const std::string why = reason_with_super64(set.offset, std::uint64_t{1} << bit);
      const bool fusion = set.offset == 0x40 && bit == 8;
      BOOST_TEST(why.contains(fusion ? "Fusion Drive" : "that Drydock does not know"));
    }
  for (const Set set : {Set{0x28, 0x1F}, {0x30, 0}, {0x38, 0x1FF}})
    for (unsigned bit = 0; bit < 64; ++bit) {
      if ((set.known >> bit & 1) != 0) continue;
      const std::string why = reason_with64(ApfsDisk::kVolume, set.offset, std::uint64_t{1} << bit);
      BOOST_TEST(why.contains("volume \"tiny\" uses"), why);
      BOOST_TEST(why.contains("features that Drydock does not know"), why);
    }
}

BOOST_AUTO_TEST_CASE(what_is_amid_a_change_means_the_whole_container) {
  BOOST_TEST(reason_with_super64(0x4E0, 9).contains("being made smaller"));
  BOOST_TEST(reason_with_super64(0x4E8, 9).contains("being made smaller"));
  BOOST_TEST(reason_with_super64(0x500, 9).contains("Fusion Drive"));
  BOOST_TEST(reason_with64(ApfsDisk::kVolume, 0x3D0, 9).contains("being encrypted or decrypted"));
  BOOST_TEST(reason_with64(ApfsDisk::kVolume, 0xA0, 9).contains("go back to a snapshot"));
  BOOST_TEST(reason_with64(ApfsDisk::kVolumeMap, 0x20, 3).contains("an object map has flags"));
  BOOST_TEST(reason_with64(ApfsDisk::kManager, 0x60, 9).contains("a second device"));
  BOOST_TEST(reason_with64(ApfsDisk::kManager, 0x90, 2).contains("unknown flags"));
}

BOOST_AUTO_TEST_CASE(counts_that_disagree_mean_the_whole_container) {
  BOOST_TEST(reason_with64(ApfsDisk::kManager, 0x48, 23)
                 .contains("space manager counts 23 free blocks but its bitmaps have 22"));
  BOOST_TEST(reason_with64(ApfsDisk::kPool, 56, 64 | std::uint64_t{23} << 32)
                 .contains("chunk 0 counts 23 free blocks but its bitmap has 22"));
  BOOST_TEST(reason_with64(ApfsDisk::kVolume, 0x58, 17)
                 .contains("volume \"tiny\" counts 17 blocks but its trees have 16"));
  BOOST_TEST(reason_with64(ApfsDisk::kVolume, 0xD8, 2).contains("counts 2 snapshots but lists 1"));
  BOOST_TEST(reason_with64(ApfsDisk::kManager, 0xF0, 2)
                 .contains("counts 2 blocks to be freed but lists 1"));
  const std::uint64_t info = 4096 - 40;
  BOOST_TEST(reason_with64(ApfsDisk::kExtents, info + 24, 3)
                 .contains("an extent tree counts 3 records in 3 nodes but has 2 in 3"));
  BOOST_TEST(reason_with64(ApfsDisk::kExtents, info + 32, 4)
                 .contains("counts 2 records in 4 nodes but has 2 in 3"));
  BOOST_TEST(reason_with64(ApfsDisk::kExtents, info + 32, 2).contains("more nodes than it counts"));
}

// The count stays right: a free block is called used instead.
BOOST_AUTO_TEST_CASE(blocks_that_something_needs_and_are_called_free_mean_the_whole_container) {
  for (std::uint64_t block = 0; block < ApfsDisk::kEnd; ++block) {
    ApfsDisk apfs;
    std::uint64_t bitmap = (std::uint64_t{1} << ApfsDisk::kEnd) - 1;
    bitmap ^= std::uint64_t{1} << block | std::uint64_t{1} << 50;
    apfs.put64(ApfsDisk::at(ApfsDisk::kBitmap), bitmap);
    BOOST_TEST(reason(used_apfs(apfs.disk)).contains("space manager calls blocks of"), block);
  }
}

BOOST_AUTO_TEST_CASE(a_chunk_without_a_bitmap_is_free) {
  ApfsDisk apfs;
  apfs.put64(ApfsDisk::at(ApfsDisk::kPool, 56), 64 | std::uint64_t{64} << 32);
  apfs.put64(ApfsDisk::at(ApfsDisk::kPool, 64), 0);
  apfs.put64(ApfsDisk::at(ApfsDisk::kManager, 0x48), 64);
  apfs.seal();
  BOOST_TEST(
      reason(used_apfs(apfs.disk)).contains("calls blocks of the container's superblock free"));
}

BOOST_AUTO_TEST_CASE(a_tree_that_bites_its_own_tail_ends) {
  ApfsDisk apfs;
  // Both children of the extent tree are the same leaf; then the root is its own child.
  const std::uint64_t second = ApfsDisk::at(ApfsDisk::kExtents + 1) - 40 - 16;
  apfs.put64(second, ApfsDisk::kExtentLeaves);
  apfs.seal();
  BOOST_TEST(reason(used_apfs(apfs.disk)).contains("out of order"));
  apfs.put64(second, ApfsDisk::kExtents);
  apfs.seal();
  BOOST_TEST(reason(used_apfs(apfs.disk)).contains("what should be a node is none"));
}

BOOST_AUTO_TEST_CASE(a_container_larger_than_the_volume_is_kept_whole) {
  const ApfsDisk apfs;
  io::MemoryDisk cut(ApfsDisk::kBlocks * 4096 - 512);
  std::ranges::copy(Bytes(apfs.disk.content()).first(cut.geometry().bytes), cut.content().begin());
  BOOST_TEST(reason(used_apfs(cut)).contains("more than the volume"));
}

BOOST_AUTO_TEST_CASE(a_read_error_anywhere_gives_the_same_map_or_a_reason) {
  const ApfsDisk apfs(true);
  unsigned refused = 0;
  for (std::uint64_t at = 0; at < ApfsDisk::kBlocks * 4096; at += 512) {
    io::Faults faults;
    faults.unreadable.add({at, 512});
    const io::FaultySource faulty(apfs.disk, faults);
    const auto used = used_apfs(faulty);
    if (used) BOOST_TEST((*used == apfs.expected()));
    if (!used) BOOST_TEST(used.error().what.contains("cannot be read"));
    refused += used ? 0 : 1;
  }
  // Superblock, descriptors, space manager, queue, three of the pool, both maps with three trees,
  // the volume, two extent trees with two leaves, snapshots, EFI driver.
  BOOST_TEST(refused == 8 * (1 + 4 + 1 + 1 + 3 + 5 + 1 + 4 + 1 + 1));
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_changes_the_map) {
  const ApfsDisk good;
  io::MemoryDisk disk = good.disk;
  for (std::uint64_t bit = 0; bit < ApfsDisk::kEnd * 4096 * 8;
       bit += bit % 32'768 < 512 ? 3 : 1021) {
    disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
    if (const auto used = used_apfs(disk))
      BOOST_REQUIRE_MESSAGE(*used == good.expected(), "bit " << bit);
    disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

// As a program with a defect might leave it: the checksum is right, the field is not.
BOOST_AUTO_TEST_CASE(no_wrong_field_makes_a_used_block_free) {
  const ApfsDisk good;
  for (std::uint64_t at = 0; at < ApfsDisk::kEnd * 4096; at += at % 4096 < 64 ? 1 : 127) {
    ApfsDisk apfs = good;
    apfs.disk.content()[at] ^= std::byte{0x41};
    apfs.seal(at / 4096);
    if (const auto used = used_apfs(apfs.disk))
      BOOST_REQUIRE_MESSAGE(good.expected().subtracted(*used).empty(), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_recognised_without_the_magic_number) {
  ApfsDisk apfs;
  apfs.put_text(32, "NXSC");
  BOOST_TEST(!probe_apfs(apfs.disk).value().has_value());
  BOOST_TEST(!probe_apfs(io::MemoryDisk(1500)).value().has_value());
  BOOST_TEST(!probe_apfs(io::MemoryDisk(0)).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
