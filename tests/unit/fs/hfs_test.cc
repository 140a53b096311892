#include "fs/hfs.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "support/hfs_maker.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::flip;
using test::HfsFile;
using test::HfsPlaces;
using test::HfsRecipe;
using test::reason;

constexpr std::uint64_t kBlock = 512;
constexpr std::uint32_t kBlocks = 400;
constexpr std::uint32_t kRecordsFile = 16;  // the first file's number

// Small, with a file in pieces that need the extents overflow file, and bad blocks.
HfsRecipe small() {
  HfsRecipe recipe;
  recipe.block = kBlock;
  recipe.node = 4096;
  recipe.nodes = 2;
  recipe.extents_nodes = 2;
  HfsFile pieces{.name = "pieces"};
  for (std::uint32_t block = 100; block < 120; block += 2) pieces.extents.emplace_back(block, 1);
  recipe.files = {{.name = "one", .extents = {{90, 5}}, .bytes = 2100}, pieces};
  recipe.bad_blocks = {{200, 3}};
  return recipe;
}

struct HfsVolume {
  explicit HfsVolume(const HfsRecipe& recipe = small(), std::uint32_t blocks = kBlocks)
      : disk(blocks * kBlock), places(make_hfs(disk, recipe)) {
    note_used(recipe);
  }

  std::uint64_t at(std::uint32_t block) const { return places.offset + block * kBlock; }
  std::uint64_t header() const { return places.offset + 1024; }

  io::MemoryDisk disk;
  HfsPlaces places;
  ExtentMap expected;

 private:
  void note_used(const HfsRecipe& recipe) {
    std::vector<Extent> extents{{0, at(places.first_free)}};
    for (const HfsFile& file : recipe.files)
      for (const auto& [first, count] : file.extents)
        extents.push_back({at(first), count * kBlock});
    for (const auto& [first, count] : recipe.bad_blocks)
      extents.push_back({at(first), count * kBlock});
    const std::uint64_t tail = at(places.blocks - 2);
    extents.push_back({tail, disk.geometry().bytes - tail});
    expected = ExtentMap::from(extents);
  }
};

// Of a block in the allocation file.
void toggle(HfsVolume& volume, std::uint32_t block) {
  flip(volume.disk, volume.at(volume.places.allocation) * 8 + block / 8 * 8 + 7 - block % 8);
}

void put_be32(io::MemoryDisk& disk, std::uint64_t at, std::uint32_t value) {
  store_be(disk.content().data() + at, value);
}

void put_attributes(HfsVolume& volume, std::uint32_t value) {
  put_be32(volume.disk, volume.header() + 4, value);
}

HfsRecipe journaled() {
  HfsRecipe recipe = small();
  recipe.journal = 4096;
  return recipe;
}

HfsRecipe wrapped() {
  HfsRecipe recipe = small();
  recipe.wrapped = true;
  return recipe;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_hfs)

BOOST_AUTO_TEST_CASE(maps_what_the_allocation_file_calls_used) {
  for (const bool extended : {false, true}) {
    HfsRecipe recipe = small();
    recipe.extended = extended;
    const HfsVolume volume(recipe);
    BOOST_TEST(reason(used_hfs(volume.disk)) == "");
    BOOST_TEST((used_hfs(volume.disk).value() == volume.expected));
  }
}

BOOST_AUTO_TEST_CASE(tells_what_the_volume_header_says) {
  const HfsVolume volume;
  const auto info = probe_hfs(volume.disk).value().value();
  BOOST_TEST(info.filesystem == "HFS+");
  BOOST_TEST(info.label == "drydock");
  BOOST_TEST(info.uuid == "647279646f636b73");
  BOOST_TEST(info.cluster == kBlock);
  BOOST_TEST(info.total == kBlocks * kBlock);
  BOOST_TEST(info.used == volume.expected.bytes());
  BOOST_TEST(info.used + info.free == info.total);
  BOOST_TEST((info.state == VolumeState::clean));
}

BOOST_AUTO_TEST_CASE(a_wrapper_is_kept_and_the_volume_inside_mapped) {
  const HfsVolume volume(wrapped());
  BOOST_TEST(volume.places.offset > 0u);
  BOOST_TEST(reason(used_hfs(volume.disk)) == "");
  BOOST_TEST((used_hfs(volume.disk).value() == volume.expected));
  BOOST_TEST(probe_hfs(volume.disk).value().value().filesystem == "HFS+");

  HfsVolume beyond(wrapped());
  store_be<std::uint16_t>(beyond.disk.content().data() + 1024 + 128, 0xFFFF);
  BOOST_TEST(reason(used_hfs(beyond.disk)).contains("reaches beyond its end"));
  HfsVolume elsewhere(wrapped());
  store_be<std::uint16_t>(elsewhere.disk.content().data() + 1024 + 126, 7);
  BOOST_TEST(reason(used_hfs(elsewhere.disk)).contains("not where it should be"));
  BOOST_TEST(probe_hfs(elsewhere.disk).value().value().filesystem == "HFS");
}

BOOST_AUTO_TEST_CASE(plain_hfs_is_kept_whole) {
  HfsVolume volume(wrapped());
  test::put16(volume.disk, 1024 + 124, 0);
  BOOST_TEST(probe_hfs(volume.disk).value().value().filesystem == "HFS");
  BOOST_TEST(reason(used_hfs(volume.disk)).contains("no allocation-map reader for HFS"));
}

BOOST_AUTO_TEST_CASE(every_unknown_attribute_means_the_whole_volume) {
  constexpr std::uint32_t kKnown = 0xE000FF80;
  for (unsigned bit = 0; bit < 32; ++bit) {
    if ((kKnown >> bit & 1) != 0) continue;
    HfsVolume volume;
    put_attributes(volume, 0x100 | 1u << bit);
    BOOST_TEST(reason(used_hfs(volume.disk)).contains("attributes that Drydock does not know"));
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_version_means_the_whole_volume) {
  HfsVolume volume;
  store_be<std::uint16_t>(volume.disk.content().data() + volume.header() + 2, 5);
  BOOST_TEST(reason(used_hfs(volume.disk)).contains("version 5 is unknown"));
}

BOOST_AUTO_TEST_CASE(an_unclean_state_means_the_whole_volume) {
  HfsVolume mounted;
  put_attributes(mounted, 0);
  BOOST_TEST(reason(used_hfs(mounted.disk)).contains("not unmounted cleanly"));
  BOOST_TEST((probe_hfs(mounted.disk).value().value().state == VolumeState::dirty));
  for (const std::uint32_t flag : {1u << 11, 1u << 14}) {
    HfsVolume inconsistent;
    put_attributes(inconsistent, 0x100 | flag);
    BOOST_TEST(reason(used_hfs(inconsistent.disk)).contains("found it inconsistent"));
    BOOST_TEST((probe_hfs(inconsistent.disk).value().value().state == VolumeState::needs_check));
  }
}

BOOST_AUTO_TEST_CASE(an_empty_journal_is_kept_and_any_other_means_the_whole_volume) {
  const HfsVolume empty(journaled());
  BOOST_TEST(reason(used_hfs(empty.disk)) == "");
  BOOST_TEST((used_hfs(empty.disk).value() == empty.expected));
  BOOST_TEST((probe_hfs(empty.disk).value().value().state == VolumeState::clean));

  HfsVolume damaged(journaled());
  damaged.disk.content()[damaged.at(damaged.places.journal) + 16] ^= std::byte{2};
  BOOST_TEST(reason(used_hfs(damaged.disk)).contains("journal's header is damaged"));
  BOOST_TEST((probe_hfs(damaged.disk).value().value().state == VolumeState::needs_check));

  HfsVolume external(journaled());
  put_be32(external.disk, external.at(external.places.journal_info), 2);
  BOOST_TEST(reason(used_hfs(external.disk)).contains("on another device"));
  HfsVolume future(journaled());
  put_be32(future.disk, external.at(external.places.journal_info), 9);
  BOOST_TEST(reason(used_hfs(future.disk)).contains("unknown flags (0x9)"));

  // One transaction, and the checksum right: as a crash leaves it.
  HfsVolume full(journaled());
  std::byte* const header = full.disk.content().data() + full.at(full.places.journal);
  store_le<std::uint64_t>(header + 16, 1024);
  store_le<std::uint32_t>(header + 36, 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 44; ++i)
    sum = (sum << 8) ^ (sum + std::to_integer<std::uint32_t>(header[i]));
  store_le<std::uint32_t>(header + 36, ~sum);
  BOOST_TEST(reason(used_hfs(full.disk)).contains("journal has not been replayed"));
  BOOST_TEST((probe_hfs(full.disk).value().value().state == VolumeState::dirty));
}

BOOST_AUTO_TEST_CASE(counts_that_disagree_mean_the_whole_volume) {
  HfsVolume header;
  put_be32(header.disk, header.header() + 48, 1);
  BOOST_TEST(reason(used_hfs(header.disk)).contains("volume header counts 1 free blocks but"));
  HfsVolume bitmap;
  toggle(bitmap, 300);
  BOOST_TEST(reason(used_hfs(bitmap.disk)).contains("but its allocation file has"));
  HfsVolume tree;
  put_be32(tree.disk, tree.at(tree.places.catalog) + 20, 7);
  BOOST_TEST(reason(used_hfs(tree.disk))
                 .contains("the catalog file counts 7 records but its leaves have 6"));
  HfsVolume nodes;
  put_be32(nodes.disk, nodes.at(nodes.places.extents) + 40, 1);
  BOOST_TEST(reason(used_hfs(nodes.disk)).contains("counts 1 nodes in use but its map has 2"));
}

// The count stays right: a free block is called used instead.
BOOST_AUTO_TEST_CASE(blocks_of_a_file_that_are_called_free_mean_the_whole_volume) {
  const HfsVolume good(journaled());
  const auto with_free = [&](std::uint32_t block) {
    HfsVolume volume(journaled());
    toggle(volume, block);
    toggle(volume, 300);
    return reason(used_hfs(volume.disk));
  };
  BOOST_TEST(with_free(92).contains("calls blocks of file 18 free (5 from 90)"));
  BOOST_TEST(with_free(118).contains("calls blocks of file 19 free (1 from 118)"));
  BOOST_TEST(with_free(202).contains("calls blocks of file 5 free (3 from 200)"));
  BOOST_TEST(with_free(2).contains("calls the volume header free"));
  BOOST_TEST(with_free(good.places.journal + 3).contains("calls the journal free"));
  BOOST_TEST(with_free(good.places.journal_info).contains("calls the journal free"));
  BOOST_TEST(with_free(good.places.catalog).contains("calls part of the catalog file free"));
  BOOST_TEST(with_free(good.places.attribute_file).contains("part of the attributes file free"));
  BOOST_TEST(with_free(good.places.allocation).contains("part of the allocation file free"));
  BOOST_TEST(with_free(good.places.extents).contains("part of the extents overflow file free"));
}

BOOST_AUTO_TEST_CASE(extents_that_are_missing_mean_the_whole_volume) {
  HfsVolume volume;
  // The second record of the overflow file becomes one of another file.
  const Bytes leaf =
      Bytes(volume.disk.content()).subspan(volume.at(volume.places.extents) + 512, 512);
  const std::uint16_t second = ByteReader(leaf).be16(512 - 4);
  BOOST_TEST(ByteReader(leaf).be32(second + 4) == kRecordsFile + 1);
  put_be32(volume.disk, volume.at(volume.places.extents) + 512 + second + 4, 5);
  BOOST_TEST(
      reason(used_hfs(volume.disk)).contains("files count 15 blocks but their extents have 13"));
}

BOOST_AUTO_TEST_CASE(a_filesystem_larger_than_the_volume_is_kept_whole) {
  const HfsVolume volume;
  io::MemoryDisk cut((kBlocks - 1) * kBlock);
  std::ranges::copy(Bytes(volume.disk.content()).first(cut.geometry().bytes),
                    cut.content().begin());
  BOOST_TEST(reason(used_hfs(cut)).contains("more than the volume"));
}

BOOST_AUTO_TEST_CASE(what_lies_behind_the_filesystem_is_kept) {
  const HfsVolume volume;
  io::MemoryDisk larger((kBlocks + 9) * kBlock);
  std::ranges::copy(Bytes(volume.disk.content()), larger.content().begin());
  BOOST_TEST(reason(used_hfs(larger)) == "");
  BOOST_TEST(used_hfs(larger).value().contains({kBlocks * kBlock, 9 * kBlock}));
}

BOOST_AUTO_TEST_CASE(a_read_error_anywhere_gives_the_same_map_or_a_reason) {
  for (const HfsRecipe& recipe : {journaled(), wrapped()}) {
    const HfsVolume volume(recipe);
    unsigned refused = 0;
    for (std::uint64_t at = 0; at < volume.disk.geometry().bytes; at += 512) {
      io::Faults faults;
      faults.unreadable.add({at, 512});
      const io::FaultySource faulty(volume.disk, faults);
      const auto used = used_hfs(faulty);
      if (used) BOOST_TEST((*used == volume.expected));
      if (!used) BOOST_TEST(used.error().what.contains("cannot be read"));
      refused += used ? 0 : 1;
    }
    // The header, the allocation file, two or three nodes of each tree, and what the case adds.
    BOOST_TEST(refused >= 1u + 1 + 2 + 16 + 8 + 1);
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_metadata_makes_a_used_block_free) {
  const HfsVolume good(journaled());
  io::MemoryDisk disk = good.disk;
  std::vector<std::uint64_t> bits;
  const auto add = [&](std::uint64_t offset, std::uint64_t bytes) {
    for (std::uint64_t bit = offset * 8; bit < (offset + bytes) * 8; ++bit) bits.push_back(bit);
  };
  add(good.header(), 512);
  add(good.at(good.places.allocation), kBlocks / 8);
  add(good.at(good.places.journal_info), 52);
  add(good.at(good.places.journal), 44);
  add(good.at(good.places.extents), 1024);
  add(good.at(good.places.catalog), 256);
  add(good.at(good.places.catalog) + 4096, 1200);
  add(good.at(good.places.catalog) + 8192 - 16, 16);
  for (const std::uint64_t bit : bits) {
    flip(disk, bit);
    if (const auto used = used_hfs(disk))
      BOOST_REQUIRE_MESSAGE(good.expected.subtracted(*used).empty(), "bit " << bit);
    flip(disk, bit);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_recognised_without_the_signature) {
  HfsVolume volume;
  volume.disk.content()[volume.header()] = std::byte{'I'};
  BOOST_TEST(!probe_hfs(volume.disk).value().has_value());
  BOOST_TEST(!probe_hfs(io::MemoryDisk(1500)).value().has_value());
  BOOST_TEST(!probe_hfs(io::MemoryDisk(0)).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
