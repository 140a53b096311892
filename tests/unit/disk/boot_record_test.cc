#include "disk/boot_record.h"

#include <boost/test/unit_test.hpp>

#include "unit/disk/tables.h"

namespace drydock::disk::test {

BOOST_AUTO_TEST_SUITE(disk_boot_record)

BOOST_AUTO_TEST_CASE(reads_signature_and_entries) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 2048, 4096, 0x80}, {}, {0x05, 8192, 100}}, 0xCAFE1234);
  const auto record = parse_boot_record(disk.content());
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST(record->signature == 0xCAFE1234u);
  BOOST_TEST(record->entries[0].active());
  BOOST_TEST(record->entries[0].type == 0x83);
  BOOST_TEST(record->entries[0].first == 2048u);
  BOOST_TEST(record->entries[0].sectors == 4096u);
  BOOST_TEST(record->entries[1].empty());
  BOOST_TEST(record->entries[2].extended());
  BOOST_TEST(record->flags_plausible());
  BOOST_TEST(!record->empty());
  BOOST_TEST(!record->announces_gpt());
}

BOOST_AUTO_TEST_CASE(is_none_without_its_magic_or_when_short) {
  io::MemoryDisk disk(512);
  BOOST_TEST(!parse_boot_record(disk.content()).has_value());
  put_mbr(disk, 0, {});
  BOOST_TEST(parse_boot_record(disk.content()).has_value());
  BOOST_TEST(!parse_boot_record(disk.content().first(511)).has_value());
}

BOOST_AUTO_TEST_CASE(any_entry_may_announce_a_gpt_unless_it_is_empty) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 1, 10}, {0xEE, 1, 0}});
  BOOST_TEST(!parse_boot_record(disk.content())->announces_gpt());
  put_mbr(disk, 0, {{0x83, 1, 10}, {}, {0xEE, 11, 100}});
  BOOST_TEST(parse_boot_record(disk.content())->announces_gpt());
}

BOOST_AUTO_TEST_CASE(flags_other_than_active_are_not_plausible) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 1, 10, 0x80}, {0x83, 11, 10, 0x74}});
  BOOST_TEST(!parse_boot_record(disk.content())->flags_plausible());
}

BOOST_AUTO_TEST_CASE(volume_boot_sectors_are_told_from_boot_records) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 1, 10}});
  BOOST_TEST(!is_volume_boot_sector(disk.content()));
  io::MemoryDisk fat(512);
  put_fat_boot_sector(fat);
  BOOST_TEST(is_volume_boot_sector(fat.content()));
  for (const std::string_view name : {"NTFS    ", "EXFAT   ", "-FVE-FS-"}) {
    io::MemoryDisk volume(512);
    std::ranges::copy(as_bytes(name), volume.content().begin() + 3);
    BOOST_TEST(is_volume_boot_sector(volume.content()));
  }
  fat.content()[13] = std::byte{3};  // no cluster has three sectors
  BOOST_TEST(!is_volume_boot_sector(fat.content()));
}

BOOST_AUTO_TEST_CASE(a_new_length_changes_nothing_else) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 1, 10}, {0xEE, 1, 99}}, 7);
  put_boot_entry_sectors(disk.content(), 1, 1000);
  const auto record = parse_boot_record(disk.content());
  BOOST_TEST(record->entries[1].sectors == 1000u);
  BOOST_TEST(record->entries[1].first == 1u);
  BOOST_TEST(record->entries[1].type == 0xEE);
  BOOST_TEST(record->entries[0].sectors == 10u);
  BOOST_TEST(record->signature == 7u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
