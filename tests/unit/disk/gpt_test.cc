#include "disk/gpt.h"

#include <boost/test/unit_test.hpp>

#include "base/hash.h"
#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

constexpr std::uint64_t kLast = kSectors - 1;

void flip(io::MemoryDisk& disk, std::uint64_t offset) {
  disk.content()[offset] ^= std::byte{1};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_gpt)

BOOST_AUTO_TEST_CASE(partitions_of_an_intact_table) {
  const auto layout = read_layout(with_gpt());
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::gpt));
  BOOST_TEST(layout->id == "12345678-9abc-def0-1122-334455667788");
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(notes(*layout) == "");
  BOOST_TEST(layout->partitions[0].type_id == kEfiGuid);
  BOOST_TEST(layout->partitions[0].type == "EFI system");
  BOOST_TEST(layout->partitions[0].name == "boot");
  BOOST_TEST(layout->partitions[1].uuid == "00000000-0000-0000-0000-000000000002");
  BOOST_TEST(layout->partitions[1].whole_reason == "");
  const ExtentMap table = ExtentMap::from({{0, 34 * 512}, {(kLast - 32) * 512, 33 * 512}});
  BOOST_TEST((layout->table_areas == table));
}

BOOST_AUTO_TEST_CASE(numbers_are_places_in_the_table) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = {{.type = ""}, {2000, 2009}, {.type = ""}, {100, 109}}});
  BOOST_TEST(outline(*read_layout(disk)) == "4:100+10 2:2000+10");
}

BOOST_AUTO_TEST_CASE(entries_may_be_larger_and_fewer) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.entry_count = 6, .entry_bytes = 256, .parts = kGptParts});
  const auto layout = read_layout(disk);
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(layout->partitions[1].name == "root");
  BOOST_TEST(layout->table_areas.bytes() == (1 + 1 + 3 + 3 + 1) * 512u);
}

BOOST_AUTO_TEST_CASE(a_damaged_backup_is_a_note) {
  io::MemoryDisk disk = with_gpt();
  flip(disk, kLast * 512 + 60);
  auto layout = read_layout(disk);
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(notes(*layout) == "the backup GPT has a header that does not match its checksum\n");
  // Its place belongs to the table all the same.
  BOOST_TEST(layout->table_areas.contains({(kLast - 32) * 512, 33 * 512}));
  BOOST_TEST(layout->partitions[0].whole_reason == "");

  scribble(disk, (kLast - 32) * 512, 33 * 512, 0);
  BOOST_TEST(notes(*read_layout(disk)) == "the backup GPT is missing\n");
}

BOOST_AUTO_TEST_CASE(a_damaged_primary_header_is_mended_by_the_backup) {
  io::MemoryDisk disk = with_gpt();
  flip(disk, 512 + 60);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(
      notes(*layout) ==
      "the primary GPT has a header that does not match its checksum; its backup was used\n");
  BOOST_TEST(layout->partitions[0].whole_reason == "");
  BOOST_TEST(layout->table_areas.contains({0, 34 * 512}));
}

BOOST_AUTO_TEST_CASE(a_wiped_or_unreadable_primary_is_mended_by_the_backup) {
  io::MemoryDisk disk = with_gpt();
  const io::FaultySource faulty(disk, {.unreadable = ExtentMap::from({{512, 16 * 1024}})});
  auto layout = read_layout(faulty);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout) == "the primary GPT cannot be read; its backup was used\n");
  BOOST_TEST(layout->partitions[0].whole_reason == "");

  scribble(disk, 512, 33 * 512, 0);
  layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout) == "the primary GPT is missing; its backup was used\n");
  BOOST_TEST(layout->partitions[0].whole_reason == "");
}

BOOST_AUTO_TEST_CASE(a_primary_that_was_overwritten_leaves_no_block_for_free) {
  // The backup may be what an earlier use of the disk left behind.
  for (const std::uint64_t offset : {std::uint64_t{512}, std::uint64_t{1024}}) {
    io::MemoryDisk disk = with_gpt();
    scribble(disk, offset, 512, 0x42);
    const auto layout = read_layout(disk);
    BOOST_REQUIRE(layout.has_value());
    BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
    BOOST_TEST(layout->partitions[0].whole_reason != "");
    BOOST_TEST(layout->partitions[1].whole_reason != "");
    BOOST_TEST(layout->notes.size() == 2u);
  }
}

BOOST_AUTO_TEST_CASE(without_an_intact_copy_it_is_an_error) {
  io::MemoryDisk disk = with_gpt();
  flip(disk, 512 + 60);
  flip(disk, (kLast - 32) * 512);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(!layout.has_value());
  BOOST_TEST((layout.error().code == Code::bad_input));
  BOOST_TEST(layout.error().what ==
             "the disk announces a GPT, but the primary one has a header that does not match its "
             "checksum and the backup has entries that do not match their checksum");
}

BOOST_AUTO_TEST_CASE(every_single_flip_in_the_primary_is_noticed) {
  const Layout intact = *read_layout(with_gpt());
  for (std::uint64_t offset = 512; offset < 512 + 92; ++offset) {
    io::MemoryDisk disk = with_gpt();
    flip(disk, offset);
    const auto layout = read_layout(disk);
    BOOST_REQUIRE(layout.has_value());
    BOOST_TEST(!layout->notes.empty());
    BOOST_TEST(outline(*layout) == outline(intact));
  }
}

BOOST_AUTO_TEST_CASE(on_a_disk_that_has_grown_the_backup_stays_where_the_primary_says) {
  io::MemoryDisk small = with_gpt();
  std::vector<std::byte> content(small.content().begin(), small.content().end());
  content.resize(content.size() + 100 * 512);
  const auto layout = read_layout(io::MemoryDisk(std::move(content)));
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout).contains("not at the end of the disk"));
  BOOST_TEST(layout->table_areas.contains({kLast * 512, 512}));
}

BOOST_AUTO_TEST_CASE(a_disk_that_was_cut_short_is_read_as_far_as_it_is_there) {
  io::MemoryDisk whole = with_gpt();
  std::vector<std::byte> content(whole.content().begin(), whole.content().begin() + 2000 * 512);
  const auto layout = read_layout(io::MemoryDisk(std::move(content)));
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+960");
  BOOST_TEST(layout->partitions[1].whole_reason == "it reaches beyond the end of the disk");
  BOOST_TEST(notes(*layout).contains("the backup GPT lies behind the end of the disk"));
}

BOOST_AUTO_TEST_CASE(copies_that_differ_are_a_note) {
  io::MemoryDisk disk = with_gpt();
  io::MemoryDisk other(kSectors * 512);
  put_gpt(other, {.parts = {{100, 200}}});
  const auto backup = other.content().subspan((kLast - 32) * 512);
  std::ranges::copy(backup, disk.content().begin() + (kLast - 32) * 512);
  const auto layout = read_layout(disk);
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(notes(*layout).contains("differ"));
}

BOOST_AUTO_TEST_CASE(impossible_entries_are_left_out) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = {{100, 99}, {0, UINT64_MAX}, {9000, 9001}, {200, 299}}});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  // The second claims the whole disk and so swallows the last one.
  BOOST_TEST(outline(*layout) == "2:0+4096");
  BOOST_TEST(notes(*layout).contains("partition 1 ends before it begins"));
  BOOST_TEST(notes(*layout).contains("partition 3 lies behind the end"));
}

BOOST_AUTO_TEST_CASE(a_claim_of_a_huge_table_is_refused) {
  io::MemoryDisk disk = with_gpt();
  for (const std::uint64_t header : {std::uint64_t{512}, kLast * 512}) {
    store_le<std::uint32_t>(&disk.content()[header + 80], 0xFFFFFFFF);
    store_le<std::uint32_t>(&disk.content()[header + 16], 0);
    const std::uint32_t crc = crc32(Bytes(disk.content()).subspan(header, 92));
    store_le<std::uint32_t>(&disk.content()[header + 16], crc);
  }
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(!layout.has_value());
  BOOST_TEST(layout.error().what.contains("impossible size or number"));
}

BOOST_AUTO_TEST_CASE(a_hybrid_mbr_is_a_note) {
  io::MemoryDisk disk = with_gpt();
  put_mbr(disk, 0, {{0xEE, 1, 39}, {0xEF, 40, 1000}, {0x83, 1040, 1961, 0x80}}, 1);
  const auto layout = read_layout(disk);
  BOOST_TEST((layout->table == TableKind::gpt));
  BOOST_TEST(notes(*layout) == "a hybrid MBR lists 2 partitions of its own; the GPT was used\n");
}

BOOST_AUTO_TEST_CASE(a_file_of_a_disk_with_large_sectors) {
  // The file does not tell that its disk had sectors of 4096 bytes.
  for (const std::uint32_t own : {512u, 4096u}) {
    io::MemoryDisk disk(std::uint64_t{4096} * 1000, own);
    put_gpt(disk, {.sector = 4096, .parts = {{10, 99}}});
    const auto layout = read_layout(disk);
    BOOST_REQUIRE(layout.has_value());
    BOOST_TEST(outline(*layout) == "1:80+720");
    BOOST_TEST(layout->notes.empty() == (own == 4096));
    BOOST_TEST(layout->table_areas.bytes() == (1 + 1 + 4 + 4 + 1) * 4096u);
  }
}

BOOST_AUTO_TEST_CASE(a_table_of_small_sectors_on_a_disk_of_large_ones) {
  io::MemoryDisk disk(kSectors * 512, 4096);
  put_gpt(disk, {.parts = kGptParts});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:40+1000 2:1040+1961");
  BOOST_TEST(notes(*layout).contains("sectors of 512 bytes, the disk in sectors of 4096"));
}

BOOST_AUTO_TEST_CASE(names_are_made_safe_to_show) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = {{100, 200, kLinuxGuid, "a\x1B[31mb"}}});
  BOOST_TEST(read_layout(disk)->partitions[0].name == "a?[31mb");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
