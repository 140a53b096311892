#include "fs/ntfs.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "unit/fs/fs_builders.h"
#include "unit/fs/ntfs_builder.h"

namespace drydock::fs {
namespace {

using test::ntfs_runs;
using test::NtfsRecordMaker;
using test::NtfsTestVolume;

constexpr std::uint64_t kCluster = NtfsTestVolume::kCluster;
constexpr std::uint32_t kData = NtfsAttribute::kData;
constexpr std::uint32_t kList = NtfsAttribute::kAttributeList;

struct Piece {
  std::uint64_t first_vcn;
  std::uint64_t record;
};

// An attribute list that speaks of pieces of the unnamed $DATA.
std::vector<std::byte> list_of(const std::vector<Piece>& pieces, std::uint32_t type = kData) {
  std::vector<std::byte> list;
  for (const Piece& piece : pieces) {
    std::vector<std::byte> entry(32);
    store_le(entry.data(), type);
    store_le<std::uint16_t>(entry.data() + 4, 32);
    entry[7] = std::byte{26};
    store_le(entry.data() + 8, piece.first_vcn);
    store_le(entry.data() + 16, NtfsReference{piece.record, 1}.packed());
    list.append_range(entry);
  }
  return list;
}

// The bitmap of a volume, whose first piece is in its own record and whose second, of another
// cluster, is in record 20. (It is larger than it need be.)
NtfsTestVolume with_bitmap_in_pieces() {
  NtfsTestVolume volume;
  volume.put(6, NtfsRecordMaker()
                    .resident(kList, list_of({{0, 6}, {1, 20}}))
                    .runs(kData, ntfs_runs({{NtfsTestVolume::kBitmap, 1}}), 2 * kCluster));
  volume.put(20, NtfsRecordMaker().base(6).runs(kData, ntfs_runs({{310, 1}}, 1), 0));
  volume.use(310, 1);
  return volume;
}

// The same of the master file table: records 0 to 23 by its own record, the others by record 20.
NtfsTestVolume with_table_in_pieces() {
  NtfsTestVolume volume;
  const auto first = ntfs_runs({{NtfsTestVolume::kMft, 48}});
  volume.put(0, NtfsRecordMaker()
                    .resident(kList, list_of({{0, 0}, {48, 20}}))
                    .runs(kData, first, 32 * NtfsTestVolume::kRecord));
  volume.put(20, NtfsRecordMaker().base(0).runs(
                     kData, ntfs_runs({{NtfsTestVolume::kMft + 48, 16}}, 48), 0));
  return volume;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_ntfs)

BOOST_AUTO_TEST_CASE(maps_what_the_bitmap_calls_used) {
  const NtfsTestVolume volume;
  BOOST_TEST(volume.reason() == "");
  BOOST_TEST((used_ntfs(volume.disk).value() == volume.expected()));
}

BOOST_AUTO_TEST_CASE(tells_what_the_volume_says) {
  const NtfsTestVolume volume;
  const auto info = probe_ntfs(volume.disk).value().value();
  BOOST_TEST(info.filesystem == "NTFS");
  BOOST_TEST(info.label == "Tiny");
  BOOST_TEST(info.uuid == "1122334455667788");
  BOOST_TEST(info.cluster == kCluster);
  BOOST_TEST(info.total == NtfsTestVolume::kClusters * kCluster);
  BOOST_TEST(info.used == volume.expected().bytes() - kCluster);
  BOOST_TEST((info.state == VolumeState::clean));
}

// Whatever the bitmap says of it.
BOOST_AUTO_TEST_CASE(boot_area_copy_and_backup_boot_sector_are_kept) {
  NtfsTestVolume volume;
  volume.use(0, 16, false);
  volume.use(NtfsTestVolume::kMirror, 8, false);
  volume.put(1, NtfsRecordMaker().resident(kData, as_bytes("")));
  const auto used = used_ntfs(volume.disk).value();
  BOOST_TEST((used == volume.expected()));
  BOOST_TEST(used.contains({0, 8192}));
  BOOST_TEST(used.contains({NtfsTestVolume::kMirror * kCluster, 4096}));
  BOOST_TEST(used.contains({NtfsTestVolume::kClusters * kCluster, 512}));
}

BOOST_AUTO_TEST_CASE(every_cluster_of_a_file_that_is_called_free_means_the_whole_volume) {
  const NtfsTestVolume good;
  for (std::uint64_t cluster = 16; cluster < NtfsTestVolume::kClusters; ++cluster) {
    if (!good.expected().contains({cluster * kCluster, kCluster})) continue;
    NtfsTestVolume volume;
    volume.use(cluster, 1, false);
    BOOST_TEST(volume.reason().contains("free, but file"), cluster);
  }
}

// What a file's contents mean does not matter.
BOOST_AUTO_TEST_CASE(coded_files_and_named_streams_are_checked_alike) {
  constexpr std::uint16_t kCompressed = 1;
  for (const std::uint16_t flags : {kCompressed, std::uint16_t{NtfsAttribute::kEncrypted},
                                    std::uint16_t{NtfsAttribute::kSparse}}) {
    NtfsTestVolume volume;
    volume.put(26, NtfsRecordMaker()
                       .resident(kData, as_bytes("small"))
                       .runs(kData, ntfs_runs({{0, 7}, {700, 9}}), 8192, "$J", flags));
    volume.use(700, 8);
    BOOST_TEST(volume.reason().contains("calls clusters 700 to 708 free, but file 26"), flags);
    volume.use(708, 1);
    BOOST_TEST(volume.reason() == "", flags);
    BOOST_TEST(used_ntfs(volume.disk)->contains({700 * kCluster, 9 * kCluster}), flags);
  }
}

BOOST_AUTO_TEST_CASE(files_with_more_clusters_than_are_used_mean_the_whole_volume) {
  NtfsTestVolume volume;
  // The boot area belongs to no file here: 16 clusters may be shared before it shows.
  volume.put(26, NtfsRecordMaker().runs(kData, ntfs_runs({{NtfsTestVolume::kMft, 16}}), 8192));
  BOOST_TEST(volume.reason() == "");
  volume.put(27, NtfsRecordMaker().runs(kData, ntfs_runs({{500, 1}}), 512));
  BOOST_TEST(volume.reason() ==
             "its bitmap calls 140 clusters used, but its files have 141 or more");
}

BOOST_AUTO_TEST_CASE(a_table_that_its_copy_contradicts_means_the_whole_volume) {
  NtfsTestVolume runs;
  const auto longer = NtfsRecordMaker().runs(kData, ntfs_runs({{NtfsTestVolume::kMft, 66}}), 33792);
  const auto bytes = longer.sealed();
  std::ranges::copy(bytes, runs.disk.content().begin() + NtfsTestVolume::kMirror * kCluster);
  BOOST_TEST(runs.reason().contains("copy of it differ (file record 0)"));

  NtfsTestVolume second;
  const auto elsewhere = NtfsRecordMaker().runs(kData, ntfs_runs({{108, 8}}), 4096).sealed();
  std::ranges::copy(elsewhere, second.disk.content().begin() + NtfsTestVolume::kMirror * kCluster +
                                   NtfsTestVolume::kRecord);
  BOOST_TEST(second.reason().contains("copy of it differ (file record 1)"));

  NtfsTestVolume damaged;
  damaged.byte(NtfsTestVolume::kMirror * kCluster) = 0;
  BOOST_TEST(damaged.reason().contains("the copy of the master file table: a file record"));
}

BOOST_AUTO_TEST_CASE(bitmap_and_table_are_found_through_attribute_lists) {
  const NtfsTestVolume bitmap = with_bitmap_in_pieces();
  BOOST_TEST(bitmap.reason() == "");
  BOOST_TEST(used_ntfs(bitmap.disk)->contains({310 * kCluster, kCluster}));
  const NtfsTestVolume table = with_table_in_pieces();
  BOOST_TEST(table.reason() == "");
  BOOST_TEST((used_ntfs(table.disk).value() == table.expected()));

  // A list that lies in clusters itself.
  NtfsTestVolume listed = with_bitmap_in_pieces();
  const auto list = list_of({{0, 6}, {1, 20}});
  std::ranges::copy(list, listed.disk.content().begin() + 320 * kCluster);
  listed.use(320, 1);
  listed.put(6, NtfsRecordMaker()
                    .runs(kList, ntfs_runs({{320, 1}}), list.size())
                    .runs(kData, ntfs_runs({{NtfsTestVolume::kBitmap, 1}}), 2 * kCluster));
  BOOST_TEST(listed.reason() == "");
  listed.use(320, 1, false);
  BOOST_TEST(listed.reason().contains("calls clusters 320 to 320 free, but file 6"));
}

BOOST_AUTO_TEST_CASE(pieces_of_the_bitmap_must_fit) {
  const auto bitmap = [](const std::vector<Piece>& list) {
    NtfsTestVolume volume = with_bitmap_in_pieces();
    volume.put(6, NtfsRecordMaker()
                      .resident(kList, list_of(list))
                      .runs(kData, ntfs_runs({{NtfsTestVolume::kBitmap, 1}}), 2 * kCluster));
    return volume.reason();
  };
  BOOST_TEST(bitmap({{0, 6}, {1, 20}}) == "");
  BOOST_TEST(bitmap({{1, 20}}).contains("a run list of it has a gap"));
  BOOST_TEST(bitmap({{0, 6}, {2, 20}}).contains("file record 20 lacks an attribute"));
  BOOST_TEST(bitmap({{0, 6}, {1, 24}}).contains("file record 24 does not belong to 6"));
  BOOST_TEST(bitmap({{0, 6}, {1, 4}}).contains("file record 4 does not belong to 6"));
  BOOST_TEST(bitmap({{0, 6}, {1, 99}}).contains("file record 99, which does not exist"));
  BOOST_TEST(bitmap({}).contains("file record 6 lacks an attribute"));
}

BOOST_AUTO_TEST_CASE(damaged_attribute_lists_mean_the_whole_volume) {
  auto list = list_of({{0, 6}});
  const auto reason = [&](Bytes bytes) {
    NtfsTestVolume volume;
    volume.put(6, NtfsRecordMaker()
                      .resident(kList, bytes)
                      .runs(kData, ntfs_runs({{NtfsTestVolume::kBitmap, 1}}), 256));
    return volume.reason();
  };
  BOOST_TEST(reason(list) == "");
  BOOST_TEST(reason(Bytes(list).first(20)).contains("attribute list of it is damaged"));
  store_le<std::uint16_t>(list.data() + 4, 8);
  BOOST_TEST(reason(list).contains("attribute list of it is damaged"));

  NtfsTestVolume longest;
  longest.put(6, NtfsRecordMaker().runs(kList, ntfs_runs({{320, 513}}), 513 * kCluster));
  BOOST_TEST(longest.reason().contains("attribute list of it is too long"));
}

BOOST_AUTO_TEST_CASE(a_bitmap_that_cannot_be_all_means_the_whole_volume) {
  NtfsTestVolume volume;
  const auto runs = ntfs_runs({{NtfsTestVolume::kBitmap, 1}});
  volume.put(6, NtfsRecordMaker().runs(kData, runs, 255));
  BOOST_TEST(volume.reason() == "its bitmap has 255 bytes but its 2048 clusters need 256");
  volume.put(6, NtfsRecordMaker().runs(kData, ntfs_runs({{0, 1}}), 256));
  BOOST_TEST(volume.reason().contains("compressed or has holes"));
  volume.put(6, NtfsRecordMaker().runs(kData, runs, 256, {}, 1));
  BOOST_TEST(volume.reason().contains("compressed or has holes"));
  volume.put(6, NtfsRecordMaker().runs(kData, runs, 256).in_use(0));
  BOOST_TEST(volume.reason() == "file record 6 is not in use");
  volume.put(6, NtfsRecordMaker().runs(kData, runs, 256, "other"));
  BOOST_TEST(volume.reason() == "file record 6 lacks an attribute");
  // It says more than its runs have.
  volume.put(6, NtfsRecordMaker().runs(kData, ntfs_runs({{310, 1}}), 256));
  BOOST_TEST(volume.reason().contains("free, but file"));
}

BOOST_AUTO_TEST_CASE(a_damaged_boot_sector_means_the_whole_volume) {
  const auto reason = [](const std::function<void(NtfsTestVolume&)>& change) {
    NtfsTestVolume volume;
    change(volume);
    return volume.reason();
  };
  using Volume = NtfsTestVolume;
  BOOST_TEST(reason([](Volume& v) { v.byte(3) = 'X'; }) == "its boot sector has gone");
  BOOST_TEST(reason([](Volume& v) { test::put16(v.disk, 11, 500); }).contains("(sector size)"));
  BOOST_TEST(reason([](Volume& v) { v.byte(13) = 3; }).contains("(cluster size)"));
  BOOST_TEST(reason([](Volume& v) { v.byte(13) = 0xF3; }).contains("(cluster size)"));
  BOOST_TEST(reason([](Volume& v) { v.byte(64) = 0; }).contains("(file record size)"));
  BOOST_TEST(reason([](Volume& v) { v.byte(64) = 3; }).contains("(file record size)"));
  BOOST_TEST(reason([](Volume& v) { v.byte(64) = 0x80; }).contains("(file record size)"));
  BOOST_TEST(
      reason([](Volume& v) { test::put64(v.disk, 40, 3000); }).contains("more than the volume"));
  BOOST_TEST(reason([](Volume& v) {
               test::put64(v.disk, 40, ~std::uint64_t{0});
             }).contains("more than the"));
  BOOST_TEST(reason([](Volume& v) { test::put64(v.disk, 40, 0); }).contains("(size)"));
  BOOST_TEST(
      reason([](Volume& v) { test::put64(v.disk, 48, 2048); }).contains("(master file table)"));
  BOOST_TEST(reason([](Volume& v) { test::put64(v.disk, 56, 0); }).contains("(copy of the master"));
}

BOOST_AUTO_TEST_CASE(a_damaged_table_means_the_whole_volume) {
  const auto runs = ntfs_runs({{NtfsTestVolume::kMft, 64}});
  const auto reason = [](const NtfsRecordMaker& record) {
    NtfsTestVolume volume;
    volume.put(0, record);
    return volume.reason();
  };
  constexpr std::string_view kDamaged = "its master file table is damaged";
  BOOST_TEST(reason(NtfsRecordMaker().runs(kData, runs, 32768)) == "");
  BOOST_TEST(reason(NtfsRecordMaker().runs(kData, runs, 15'360)) == kDamaged);
  BOOST_TEST(reason(NtfsRecordMaker().runs(kData, runs, 32768, {}, 0x8000)) == kDamaged);
  BOOST_TEST(reason(NtfsRecordMaker().runs(kData, runs, 4 << 20)) == kDamaged);
  BOOST_TEST(reason(NtfsRecordMaker().resident(kData, as_bytes("x"))) == kDamaged);
  BOOST_TEST(reason(NtfsRecordMaker()).contains("file record 0 lacks an attribute"));
  // More records than its runs have.
  BOOST_TEST(reason(NtfsRecordMaker().runs(kData, runs, 65536)).contains("lacks clusters"));
}

BOOST_AUTO_TEST_CASE(every_kind_of_damage_to_a_record_means_the_whole_volume) {
  const std::uint64_t at = NtfsTestVolume::record_at(24);
  const auto reason = [&](const std::function<void(NtfsTestVolume&)>& change) {
    NtfsTestVolume volume;
    change(volume);
    return volume.reason();
  };
  const auto with = [&](std::uint64_t offset, std::uint8_t value) {
    return reason([&](NtfsTestVolume& volume) { volume.byte(at + offset) = value; });
  };
  BOOST_TEST(with(0, 'B').contains("file record 24: a file record of it is damaged (no FILE)"));
  BOOST_TEST(with(6, 2).contains("(update sequence)"));
  BOOST_TEST(with(5, 2).contains("(update sequence)"));
  BOOST_TEST(with(1022, 0).contains("(half of it was written)"));
  BOOST_TEST(with(0x38 + 4, 7).contains("(attribute length)"));
  BOOST_TEST(with(0x38 + 5, 0xF0).contains("(attribute length)"));
  BOOST_TEST(with(0x38 + 33, 9).contains("(run list)"));
  BOOST_TEST(with(0x38 + 10, 0xF0).contains("("));
  BOOST_TEST(with(0x38 + 9, 255).contains("(attribute)"));
  BOOST_TEST(with(0x38 + 24, 99).contains("(run list ends early)"));
  BOOST_TEST(with(0x38 + 64, 0x99).contains("(run list)"));
  BOOST_TEST(with(0x38 + 64, 0x40).contains("(run list)"));
  BOOST_TEST(with(0x38 + 64 + 7, 0x7F).contains("(a run outside the volume)"));
  BOOST_TEST(with(0x38 + 64 + 8, 0x80).contains("(a run outside the volume)"));
  BOOST_TEST(reason([&](NtfsTestVolume& volume) {
               NtfsRecordMaker endless;
               store_le<std::uint32_t>(endless.bytes().data() + endless.end(), kData);
               store_le<std::uint32_t>(endless.bytes().data() + endless.end() + 4, 1024 - 0x38);
               volume.put(24, endless);
             }).contains("(no end)"));
  // Not in use: whatever it holds.
  BOOST_TEST(reason([&](NtfsTestVolume& volume) {
               volume.put(24, NtfsRecordMaker().in_use(0).runs(kData, ntfs_runs({{700, 9}}), 4608));
             }) == "");
  // Never used.
  BOOST_TEST(reason([&](NtfsTestVolume& volume) { test::put32(volume.disk, at, 0); }) == "");
}

// Each sector of metadata: the reason names what cannot be read. The log and the root folder's
// block matter, files' contents do not.
BOOST_AUTO_TEST_CASE(every_unreadable_piece_of_metadata_is_named) {
  const NtfsTestVolume plain;
  const NtfsTestVolume bitmap = with_bitmap_in_pieces();
  const NtfsTestVolume table = with_table_in_pieces();
  const auto reason = [](const NtfsTestVolume& volume, std::uint64_t cluster) {
    io::Faults faults;
    faults.unreadable.add({cluster * kCluster, kCluster});
    const auto used = used_ntfs(io::FaultySource(volume.disk, faults));
    return used ? std::string() : used.error().what;
  };
  BOOST_TEST(reason(plain, 0).contains("the boot sector cannot be read"));
  for (const auto* volume : {&plain, &bitmap, &table}) {
    for (std::uint64_t cluster = NtfsTestVolume::kMft; cluster < NtfsTestVolume::kMft + 64;
         ++cluster)
      BOOST_TEST(reason(*volume, cluster).contains("cannot be read"), cluster);
    for (std::uint64_t i = 0; i < 4; ++i)
      BOOST_TEST(reason(*volume, NtfsTestVolume::kMirror + i)
                     .contains("the copy of the master file table cannot be read"));
    for (std::uint64_t i = 0; i < 16; ++i)
      BOOST_TEST(reason(*volume, NtfsTestVolume::kLog + i).contains("the log cannot be read"));
    for (std::uint64_t i = 0; i < 8; ++i)
      BOOST_TEST(reason(*volume, NtfsTestVolume::kFolderBlock + i).contains("cannot be read"));
    BOOST_TEST(reason(*volume, NtfsTestVolume::kBitmap).contains("the bitmap cannot be read"));
    BOOST_TEST(reason(*volume, 500) == "");
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_frees_what_is_in_use) {
  NtfsTestVolume volume = with_table_in_pieces();
  const ExtentMap good = used_ntfs(volume.disk).value();
  std::uint64_t noticed = 0;
  for (const Extent& extent : volume.expected().extents()) {
    for (std::uint64_t at = extent.offset; at < extent.end(); ++at) {
      volume.byte(at) ^= static_cast<std::uint8_t>(1u << at % 8);
      const auto found = used_ntfs(volume.disk);
      noticed += found ? 0 : 1;
      if (found) BOOST_TEST(good.subtracted(*found).empty(), at);
      volume.byte(at) ^= static_cast<std::uint8_t>(1u << at % 8);
    }
  }
  BOOST_TEST(noticed > 100u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
