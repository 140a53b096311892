#include "disk/fit.h"

#include <boost/test/unit_test.hpp>

#include "base/hash.h"
#include "disk/boot_record.h"
#include "disk/gpt.h"
#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

Geometry of_sectors(std::uint64_t sectors) {
  return {sectors * 512, 512, 512};
}

Result<Fit> fitted(const io::BlockSource& image, const Geometry& target) {
  return fit(image, TRY(read_layout(image)), target);
}

// What a restore does: the image's bytes, then the patches.
io::MemoryDisk restored(const io::MemoryDisk& image, const Fit& fit, std::uint64_t target_bytes) {
  io::MemoryDisk target(target_bytes, image.geometry().logical_sector);
  BOOST_REQUIRE(fit.bytes <= target_bytes);
  BOOST_REQUIRE(target.write_at(0, image.content().first(fit.bytes)).has_value());
  for (const Patch& patch : fit.patches)
    BOOST_REQUIRE(target.write_at(patch.offset, patch.bytes).has_value());
  return target;
}

// Restores to a disk of another size and demands a perfect table there with the same partitions.
io::MemoryDisk check_moves(const io::MemoryDisk& image, std::uint64_t sectors) {
  const auto found = fitted(image, of_sectors(sectors));
  BOOST_REQUIRE(found.has_value());
  io::MemoryDisk target = restored(image, *found, sectors * 512);
  const auto layout = read_layout(target);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout) == "");
  BOOST_TEST((layout->partitions == read_layout(image)->partitions));
  const auto gpt = find_gpt(target);
  BOOST_REQUIRE(gpt->primary.has_value());
  BOOST_REQUIRE(gpt->backup.has_value());
  BOOST_TEST(gpt->backup_lba == sectors - 1);
  BOOST_TEST(gpt->primary->header.last_usable == sectors - 34);
  BOOST_TEST(gpt->backup->header.last_usable == sectors - 34);
  BOOST_TEST(parse_boot_record(target.content())->entries[0].sectors == sectors - 1);
  return target;
}

std::string refusal(const io::BlockSource& image, const Geometry& target) {
  const auto found = fitted(image, target);
  BOOST_REQUIRE(!found.has_value());
  BOOST_TEST((found.error().code == Code::bad_input));
  BOOST_TEST(!found.error().hint.empty());
  return found.error().what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_fit)

BOOST_AUTO_TEST_CASE(the_same_size_needs_nothing) {
  const io::MemoryDisk image = with_gpt();
  const auto found = fitted(image, image.geometry());
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->patches.empty());
  BOOST_TEST(found->notes.empty());
  BOOST_TEST(found->bytes == image.geometry().bytes);
}

BOOST_AUTO_TEST_CASE(a_gpt_moves_its_backup_to_the_end_of_a_larger_disk) {
  const io::MemoryDisk image = with_gpt();
  // By less than the backup takes, by just that, by much.
  for (const std::uint64_t more : {1, 2, 31, 32, 33, 34, 5000}) {
    const io::MemoryDisk target = check_moves(image, kSectors + more);
    // Nothing of the old backup is left in what can be used now.
    const std::uint64_t usable_end = std::min(kSectors, kSectors + more - 33) * 512;
    BOOST_TEST(all_zero(Bytes(target.content())
                            .subspan((kSectors - 33) * 512, usable_end - (kSectors - 33) * 512)));
  }
}

BOOST_AUTO_TEST_CASE(an_old_backup_inside_a_partition_is_not_zeroed) {
  // As when a partition was grown by a tool that left the backup where it stood.
  io::MemoryDisk image(kSectors * 512);
  put_gpt(image, {.parts = {{40, kSectors - 1, kLinuxGuid}}});
  const auto found = fitted(image, of_sectors(2 * kSectors));
  BOOST_REQUIRE(found.has_value());
  const io::MemoryDisk target = restored(image, *found, 2 * kSectors * 512);
  const auto old = image.content().subspan((kSectors - 33) * 512);
  BOOST_TEST(std::ranges::equal(old, target.content().subspan((kSectors - 33) * 512, 33 * 512)));
}

BOOST_AUTO_TEST_CASE(a_partition_is_never_overwritten_by_the_new_backup) {
  io::MemoryDisk image(kSectors * 512);
  put_gpt(image, {.parts = {{40, kSectors - 1, kLinuxGuid}}});
  const auto found = fitted(image, of_sectors(kSectors + 10));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->patches.empty());
  BOOST_REQUIRE(found->notes.size() == 1u);
  BOOST_TEST(found->notes[0].contains("left as it is"));
}

BOOST_AUTO_TEST_CASE(a_table_that_would_contradict_itself_is_left_as_it_is) {
  io::MemoryDisk image = with_gpt();
  std::byte* primary = &image.content()[512];
  store_le<std::uint64_t>(primary + 40, 1'000'000);  // first and last LBA for partitions
  store_le<std::uint64_t>(primary + 48, 2'000'000);
  store_le<std::uint32_t>(primary + 16, 0);
  store_le<std::uint32_t>(primary + 16, crc32({primary, 92}));
  const auto found = fitted(image, of_sectors(kSectors + 100));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->patches.empty());
  BOOST_TEST(found->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(entries_shared_by_both_copies_are_not_zeroed) {
  io::MemoryDisk image = with_gpt();
  std::byte* backup = &image.content()[(kSectors - 1) * 512];
  store_le<std::uint64_t>(backup + 72, 2);
  store_le<std::uint32_t>(backup + 16, 0);
  store_le<std::uint32_t>(backup + 16, crc32({backup, 92}));
  check_moves(image, kSectors + 100);
}

BOOST_AUTO_TEST_CASE(a_damaged_backup_is_left_and_a_new_one_made) {
  io::MemoryDisk image = with_gpt();
  scribble(image, (kSectors - 1) * 512, 512, 0x55);
  const io::MemoryDisk target = check_moves(image, kSectors + 100);
  BOOST_TEST(std::to_integer<int>(target.content()[(kSectors - 1) * 512]) == 0x55);
}

BOOST_AUTO_TEST_CASE(a_damaged_primary_is_made_anew_when_the_table_moves) {
  io::MemoryDisk image = with_gpt();
  scribble(image, 512, 33 * 512, 0);
  const auto found = fitted(image, of_sectors(kSectors + 100));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->notes.size() == 2u);
  check_moves(image, kSectors + 100);
}

BOOST_AUTO_TEST_CASE(what_overwrote_the_primary_is_not_overwritten) {
  io::MemoryDisk image = with_gpt();
  scribble(image, 1024, 512, 0x42);
  const auto found = fitted(image, of_sectors(kSectors + 100));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->patches.empty());
  BOOST_TEST(found->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_protecting_entry_grows_only_if_it_reached_to_the_end) {
  io::MemoryDisk image = with_gpt();
  put_mbr(image, 0, {{0xEE, 1, 39}, {0x83, 40, 1000}, {0xEE, 1040, kSectors - 1040}}, 7);
  auto found = fitted(image, of_sectors(kSectors + 100));
  BOOST_REQUIRE(found.has_value());
  const auto record = parse_boot_record(restored(image, *found, (kSectors + 100) * 512).content());
  BOOST_TEST(record->entries[0].sectors == 39u);
  BOOST_TEST(record->entries[1].sectors == 1000u);
  BOOST_TEST(record->entries[2].sectors == kSectors + 100 - 1040);
  BOOST_TEST(record->signature == 7u);

  // As large as 32 bits go: stands for "the whole disk", whatever its size.
  put_mbr(image, 0, {{0xEE, 1, 0xFFFFFFFF}});
  found = fitted(image, of_sectors(kSectors + 100));
  BOOST_TEST(parse_boot_record(restored(image, *found, (kSectors + 100) * 512).content())
                 ->entries[0]
                 .sectors == 0xFFFFFFFFu);
}

BOOST_AUTO_TEST_CASE(the_protecting_entry_is_bounded_on_a_huge_disk) {
  const io::MemoryDisk image = with_gpt();
  const auto found = fitted(image, {std::uint64_t{1} << 44, 512, 512});
  BOOST_REQUIRE(found.has_value());
  const auto mbr = std::ranges::find(found->patches, 0u, &Patch::offset);
  BOOST_REQUIRE((mbr != found->patches.end()));
  BOOST_TEST(parse_boot_record(mbr->bytes)->entries[0].sectors == 0xFFFFFFFFu);
}

BOOST_AUTO_TEST_CASE(a_smaller_disk_will_do_when_the_rest_is_empty) {
  const io::MemoryDisk image = with_gpt();
  check_moves(image, kSectors - 1);
  check_moves(image, kSectors - 500);
  check_moves(image, 3001 + 33);
}

BOOST_AUTO_TEST_CASE(a_smaller_disk_is_refused_when_partitions_do_not_fit) {
  const io::MemoryDisk image = with_gpt();
  BOOST_TEST(refusal(image, of_sectors(3001 + 32)).contains("too small by 512 bytes"));
  BOOST_TEST(refusal(image, of_sectors(1)).contains("too small by"));
  BOOST_TEST(refusal(image, of_sectors(0)).contains("too small by"));
  io::MemoryDisk full(kSectors * 512);
  put_gpt(full, {.parts = {{40, kSectors - 34}}});
  BOOST_TEST(refusal(full, of_sectors(kSectors - 1)).contains("too small by 512 bytes"));
}

BOOST_AUTO_TEST_CASE(a_smaller_disk_is_refused_when_something_would_be_lost) {
  io::MemoryDisk image = with_gpt();
  image.content()[3900 * 512] = std::byte{1};
  BOOST_TEST(refusal(image, of_sectors(3800)).contains("in no partition"));
  check_moves(image, kSectors - 50);  // still behind that byte
  // Neither is anything lost that would be overwritten by the new backup.
  BOOST_TEST(refusal(image, of_sectors(3910)).contains("in no partition"));
  const io::FaultySource faulty(image, {.unreadable = ExtentMap::from({{3900 * 512, 512}})});
  BOOST_TEST(refusal(faulty, of_sectors(3800)).contains("in no partition"));
}

BOOST_AUTO_TEST_CASE(other_tables_stay_as_they_are_on_a_larger_disk) {
  io::MemoryDisk image(kSectors * 512);
  put_mbr(image, 0, {{0x83, 100, 100}}, 7);
  for (const bool table : {true, false}) {
    if (!table) scribble(image, 0, 512, 0);
    const auto found = fitted(image, of_sectors(2 * kSectors));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->patches.empty());
    BOOST_TEST(found->bytes == kSectors * 512);
    BOOST_TEST(refusal(image, of_sectors(kSectors - 2)).contains("too small by 1024 bytes"));
  }
}

BOOST_AUTO_TEST_CASE(sectors_of_another_size_are_refused) {
  const io::MemoryDisk image = with_gpt();
  BOOST_TEST(refusal(image, {kSectors * 1024, 4096, 4096}).contains("sectors of 4096"));
}

BOOST_AUTO_TEST_CASE(a_file_of_a_disk_with_large_sectors_goes_to_such_a_disk) {
  io::MemoryDisk image(std::uint64_t{4096} * 1000);  // a file: it says 512
  put_gpt(image, {.sector = 4096, .parts = {{10, 99}}});
  const auto found = fitted(image, {std::uint64_t{4096} * 2000, 4096, 4096});
  BOOST_REQUIRE(found.has_value());
  io::MemoryDisk target = restored(image, *found, std::uint64_t{4096} * 2000);
  const io::MemoryDisk disk(
      std::vector<std::byte>(target.content().begin(), target.content().end()), 4096);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout) == "");
  BOOST_TEST(outline(*layout) == "1:80+720");
  // Another file is as good a target.
  BOOST_TEST(fitted(image, {std::uint64_t{4096} * 2000, 512, 512}).has_value());
}

BOOST_AUTO_TEST_CASE(a_size_that_is_no_multiple_of_the_sector) {
  const io::MemoryDisk image = with_gpt();
  const auto found = fitted(image, {(kSectors + 100) * 512 + 7, 512, 512});
  BOOST_REQUIRE(found.has_value());
  const io::MemoryDisk target = restored(image, *found, (kSectors + 100) * 512 + 7);
  BOOST_TEST(notes(*read_layout(target)) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
