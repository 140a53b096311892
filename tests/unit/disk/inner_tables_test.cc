#include "disk/inner_tables.h"

#include <boost/test/unit_test.hpp>

#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

constexpr std::string_view kDynamicGuid = "af9b60a0-1431-4f62-bc68-3311714a69ad";

void put_label(io::MemoryDisk& disk, std::uint64_t start) {
  for (const std::uint64_t magic : {std::uint64_t{0}, std::uint64_t{132}})
    store_le<std::uint32_t>(&disk.content()[(start + 1) * 512 + magic], 0x82564557);
}

struct BsdPart {
  std::size_t letter;  // 0: "a"
  std::uint8_t type;
  std::uint32_t first;
  std::uint32_t sectors;
};

// A label with its checksum. `start`: of the partition that it divides.
void put_label(io::MemoryDisk& disk, std::uint64_t start, const std::vector<BsdPart>& parts,
               std::uint16_t version = 0) {
  put_label(disk, start);
  std::byte* const label = &disk.content()[(start + 1) * 512];
  store_le<std::uint32_t>(label + 40, 512);
  store_le<std::uint16_t>(label + 114, version);
  store_le<std::uint16_t>(label + 138, 8);
  for (const BsdPart& part : parts) {
    std::byte* const entry = label + 148 + part.letter * 16;
    store_le(entry, part.sectors);
    store_le(entry + 4, part.first);
    entry[12] = std::byte{part.type};
  }
  std::uint16_t sum = 0;
  for (std::size_t at = 0; at < 148 + 8 * 16; at += 2) sum ^= load_le<std::uint16_t>(label + at);
  store_le<std::uint16_t>(label + 136, sum ^ load_le<std::uint16_t>(label + 136));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_inner_tables)

BOOST_AUTO_TEST_CASE(a_slice_with_a_disklabel_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}, {0xA6, 2000, 1000}, {0x83, 3000, 1}});
  put_label(disk, 100);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:100+1000 2:2000+1000 3:3000+1");
  BOOST_TEST(layout->partitions[0].whole_reason == "it is divided further by a BSD disklabel");
  BOOST_TEST(layout->partitions[1].whole_reason == "");
  BOOST_TEST(layout->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_slice_of_freebsd_gives_its_partitions) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}, {0x83, 2000, 50}, {0x05, 3000, 500}});
  put_mbr(disk, 3000, {{0x83, 10, 20}});
  put_label(disk, 100, {{0, 7, 16, 500}, {1, 1, 516, 100}, {2, 0, 0, 1000}, {3, 27, 700, 300}});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "6:116+500 7:616+100 8:800+300 2:2000+50 5:3010+20");
  const Partition& first = layout->partitions[0];
  BOOST_TEST(first.name == "a");
  BOOST_TEST(first.type_id == "bsd 0x07");
  BOOST_TEST(first.type == "BSD fast filesystem");
  BOOST_TEST(first.whole_reason == "");
  BOOST_TEST(layout->table_areas.contains({101 * 512, 512}));
  BOOST_TEST(notes(*layout) == "partition 1 is divided further by a BSD disklabel\n");
}

BOOST_AUTO_TEST_CASE(the_others_count_from_the_start_of_the_disk) {
  // As OpenBSD and NetBSD do it: "c" or "d" is the whole disk, and others lie outside.
  for (const unsigned type : {0xA6u, 0xA9u, 0xA5u}) {
    io::MemoryDisk disk(kSectors * 512);
    put_mbr(disk, 0, {{type, 100, 1000}, {0x83, 2000, 50}});
    put_label(disk, 100,
              {{0, 7, 100, 400},
               {1, 1, 500, 600},
               {2, 7, 100, 1000},
               {3, 9, 0, kSectors},
               {4, 17, 2000, 50}});
    const auto layout = read_layout(disk);
    BOOST_REQUIRE(layout.has_value());
    BOOST_TEST(outline(*layout) == "5:100+400 6:500+600 2:2000+50");
  }
}

BOOST_AUTO_TEST_CASE(openbsd_keeps_sizes_of_48_bits) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA6, 100, 1000}});
  put_label(disk, 100, {{0, 7, 100, 400}}, 1);
  BOOST_TEST(outline(*read_layout(disk)) == "5:100+400");
  // The high half of the size: it would reach beyond the slice.
  disk.content()[101 * 512 + 148 + 10] = std::byte{1};
  disk.content()[101 * 512 + 136] ^= std::byte{1};
  BOOST_TEST(read_layout(disk)->partitions[0].whole_reason ==
             "it is divided further by a BSD disklabel");
}

BOOST_AUTO_TEST_CASE(a_label_that_contradicts_itself_divides_nothing) {
  const std::vector<std::vector<BsdPart>> bad{
      {{0, 7, 0, 500}, {1, 7, 400, 100}},  // overlap
      {{0, 7, 900, 200}},                  // beyond the end
      {{0, 7, 0, 1000}},                   // nothing but the whole
      {},
  };
  for (const auto& parts : bad) {
    io::MemoryDisk disk(kSectors * 512);
    put_mbr(disk, 0, {{0xA5, 100, 1000}});
    put_label(disk, 100, parts);
    const auto layout = read_layout(disk);
    BOOST_TEST(outline(*layout) == "1:100+1000");
    BOOST_TEST(layout->partitions[0].whole_reason == "it is divided further by a BSD disklabel");
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_label_moves_a_partition) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}});
  put_label(disk, 100, {{0, 7, 16, 500}, {1, 1, 516, 100}});
  for (std::uint64_t bit = 101 * 4096; bit < 101 * 4096 + (148 + 8 * 16) * 8; ++bit) {
    disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto layout = read_layout(disk);
    disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
    BOOST_TEST(outline(*layout) == "1:100+1000");
    // Without its magic numbers it is none, and what is in the slice speaks for all of it.
    const bool magic = bit / 8 < 101 * 512 + 4 || bit / 8 / 4 == (101 * 512 + 132) / 4;
    BOOST_TEST(layout->partitions[0].whole_reason.empty() == magic);
  }
}

BOOST_AUTO_TEST_CASE(a_label_elsewhere_than_in_a_slice_of_a_bsd_keeps_it_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0x83, 100, 1000}, {0x05, 2000, 1500}});
  put_mbr(disk, 2000, {{0xA5, 10, 1000}});
  put_label(disk, 100, {{0, 7, 16, 500}});
  put_label(disk, 2010, {{0, 7, 16, 500}});
  const auto layout = read_layout(disk);
  BOOST_TEST(outline(*layout) == "1:100+1000 5:2010+1000");
  for (const Partition& partition : layout->partitions)
    BOOST_TEST(partition.whole_reason == "it is divided further by a BSD disklabel");
}

BOOST_AUTO_TEST_CASE(a_disk_with_a_disklabel_and_no_other_table_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_label(disk, 0);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::none));
  BOOST_TEST(layout->partitions[0].whole_reason != "");
  BOOST_TEST(notes(*layout) ==
             "the disk is divided further by a BSD disklabel; it is kept whole\n");
}

BOOST_AUTO_TEST_CASE(half_a_label_is_none) {
  io::MemoryDisk disk(kSectors * 512);
  put_label(disk, 0);
  scribble(disk, 512 + 132, 4, 0);
  BOOST_TEST(read_layout(disk)->partitions[0].whole_reason == "");
}

BOOST_AUTO_TEST_CASE(a_windows_dynamic_disk_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0x42, 100, 1000}});
  BOOST_TEST(read_layout(disk)->partitions[0].whole_reason.contains("dynamic disk"));
  put_gpt(disk, {.parts = {{100, 999, kDynamicGuid}, {1000, 1999}}});
  const auto layout = read_layout(disk);
  BOOST_TEST(layout->partitions[0].whole_reason.contains("dynamic disk"));
  BOOST_TEST(layout->partitions[1].whole_reason == "");
}

BOOST_AUTO_TEST_CASE(a_bad_sector_there_says_nothing) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}});
  put_label(disk, 100);
  const io::FaultySource faulty(disk, {.unreadable = ExtentMap::from({{101 * 512, 512}})});
  BOOST_TEST(read_layout(faulty)->partitions[0].whole_reason == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
