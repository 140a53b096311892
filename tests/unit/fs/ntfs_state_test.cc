// What NTFS says of its state, and how its folders are read to know it.
#include <boost/test/unit_test.hpp>

#include "fs/driver.h"
#include "fs/ntfs.h"
#include "fs/ntfs_index.h"
#include "unit/fs/fs_builders.h"
#include "unit/fs/ntfs_builder.h"

namespace drydock::fs {
namespace {

using test::ntfs_runs;
using test::NtfsRecordMaker;
using test::NtfsTestVolume;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_ntfs_state)

BOOST_AUTO_TEST_CASE(versions_and_flags_that_are_unknown_mean_the_whole_volume) {
  NtfsTestVolume volume;
  volume.put_volume_file(1, 2, 0);
  BOOST_TEST(volume.reason() == "");
  volume.put_volume_file(3, 0, 0x80BE);
  BOOST_TEST(volume.reason() == "");
  volume.put_volume_file(3, 2, 0);
  BOOST_TEST(volume.reason() == "its NTFS version 3.2 is unknown");
  volume.put_volume_file(3, 1, 0x0100);
  BOOST_TEST(volume.reason().contains("flags that Drydock does not know (0x0100)"));
}

BOOST_AUTO_TEST_CASE(a_volume_marked_for_a_check_means_the_whole_volume) {
  for (const std::uint16_t flag : {0x0001, 0x4000}) {
    NtfsTestVolume volume;
    volume.put_volume_file(3, 1, flag);
    BOOST_TEST(volume.reason().contains("marked for a check"), flag);
    BOOST_TEST((probe_ntfs(volume.disk).value()->state == VolumeState::needs_check));
  }
}

// hiberfil.sys as Windows leaves it: asleep, from Fast Startup or not, on its way, awake.
BOOST_AUTO_TEST_CASE(memory_of_a_windows_asleep_means_the_whole_volume) {
  const std::string rest(60, 'm');
  for (const std::string_view mark : {"hibr", "HIBR", "RSTR", "rstr", "link", "\1\2\3\4"}) {
    NtfsTestVolume volume;
    volume.put_file("HiberFil.Sys", std::string(mark) + rest);
    BOOST_TEST(volume.reason().contains("Windows is hibernated"), mark);
    BOOST_TEST((probe_ntfs(volume.disk).value()->state == VolumeState::hibernated), mark);
  }
  using namespace std::string_view_literals;
  for (const std::string_view mark : {"wake"sv, "WAKE"sv, "\0\0\0\0"sv}) {
    NtfsTestVolume volume;
    volume.put_file("hiberfil.sys", std::string(mark) + rest);
    BOOST_TEST(volume.reason() == "", mark);
    BOOST_TEST((probe_ntfs(volume.disk).value()->state == VolumeState::clean), mark);
  }
  NtfsTestVolume empty;
  empty.put_file("hiberfil.sys", "");
  BOOST_TEST(empty.reason() == "");
}

BOOST_AUTO_TEST_CASE(a_log_is_clean_by_the_newer_of_its_restart_pages) {
  const auto reason = [](const std::function<void(NtfsTestVolume&)>& write) {
    NtfsTestVolume volume;
    write(volume);
    const bool clean = probe_ntfs(volume.disk).value()->state == VolumeState::clean;
    BOOST_TEST(clean == volume.reason().empty());
    return volume.reason();
  };
  const auto pages = [&](bool older, bool newer) {
    return reason([&](NtfsTestVolume& volume) {
      volume.put_restart(0, 7, older);
      volume.put_restart(1, 8, newer);
    });
  };
  constexpr std::string_view kDirty = "Windows did not finish with it";
  BOOST_TEST(pages(true, true) == "");
  BOOST_TEST(pages(false, true) == "");
  BOOST_TEST(pages(true, false).contains(kDirty));
  // One of them alone, the other never written.
  BOOST_TEST(reason([](NtfsTestVolume& volume) { volume.put_restart(1, 3, true); }) == "");
  BOOST_TEST(
      reason([](NtfsTestVolume& volume) { volume.put_restart(0, 3, false); }).contains(kDirty));
  // Both of the same time must agree.
  BOOST_TEST(reason([](NtfsTestVolume& volume) {
               volume.put_restart(0, 3, true);
               volume.put_restart(1, 3, false);
             }).contains(kDirty));
  // In use by Windows 8 or later.
  BOOST_TEST(
      reason([](NtfsTestVolume& volume) { volume.put_restart(0, 3, true, 2); }).contains(kDirty));
  // Half written, and nonsense.
  BOOST_TEST(reason([](NtfsTestVolume& volume) {
               volume.put_restart(0, 3, true);
               volume.put_restart(1, 2, true);
               volume.byte(NtfsTestVolume::kLog * NtfsTestVolume::kCluster + 4096 + 1022) ^= 1;
             }).contains(kDirty));
  BOOST_TEST(reason([](NtfsTestVolume& volume) {
               test::put_text(volume.disk, NtfsTestVolume::kLog * NtfsTestVolume::kCluster, "RCRD");
             }).contains(kDirty));
}

BOOST_AUTO_TEST_CASE(a_root_folder_that_is_damaged_may_hide_a_windows_asleep) {
  constexpr std::string_view kDamaged = "the folder in file record 5 is damaged";
  const std::uint64_t block = NtfsTestVolume::kFolderBlock * NtfsTestVolume::kCluster;
  const auto reason = [](const std::function<void(NtfsTestVolume&)>& change) {
    NtfsTestVolume volume;
    change(volume);
    return volume.reason();
  };
  BOOST_TEST(reason([&](NtfsTestVolume& v) { v.byte(block) = 'X'; }).contains("no INDX"));
  BOOST_TEST(reason([&](NtfsTestVolume& v) { v.byte(block + 510) = 0; }).contains("half of it"));
  const std::uint64_t entry = block + 0x18 + 0x28;
  BOOST_TEST(reason([&](NtfsTestVolume& v) { v.byte(entry + 8) = 8; }) == kDamaged);
  BOOST_TEST(reason([&](NtfsTestVolume& v) { v.byte(entry + 9) = 0xFF; }) == kDamaged);
  BOOST_TEST(reason([&](NtfsTestVolume& v) { v.byte(block + 0x19) = 0xFF; }) == kDamaged);

  const auto root = [&](std::uint32_t block_bytes, std::uint64_t size, std::string_view bits) {
    return reason([&](NtfsTestVolume& v) {
      std::vector<std::byte> value(56);
      store_le(value.data() + 8, block_bytes);
      value[16] = std::byte{16};
      value[28] = std::byte{1};
      value[32 + 8] = std::byte{24};
      value[32 + 12] = std::byte{3};
      NtfsRecordMaker record;
      record.in_use(3).resident(NtfsAttribute::kIndexRoot, value, "$I30");
      if (size != 0)
        record.runs(NtfsAttribute::kIndexAllocation, ntfs_runs({{NtfsTestVolume::kFolderBlock, 8}}),
                    size, "$I30");
      v.put(5, record.resident(NtfsAttribute::kBitmap, as_bytes(bits), "$I30"));
    });
  };
  BOOST_TEST(root(4096, 4096, "\1") == "");
  BOOST_TEST(root(4000, 4096, "\1") == kDamaged);
  BOOST_TEST(root(256, 4096, "\1") == kDamaged);
  BOOST_TEST(root(1 << 17, 4096, "\1") == kDamaged);
  BOOST_TEST(root(4096, 4096, "") == kDamaged);
  BOOST_TEST(root(4096, 512 << 20, "\1") == kDamaged);
  BOOST_TEST(root(4096, 0, "\1") == "file record 5 lacks an attribute");

  NtfsTestVolume none;
  none.put(5,
           NtfsRecordMaker().in_use(3).resident(NtfsAttribute::kIndexRoot, as_bytes("x"), "$I30"));
  BOOST_TEST(none.reason() == kDamaged);
  NtfsTestVolume gone;
  gone.put_root_names({{"hiberfil.sys", 26}});
  BOOST_TEST(gone.reason().contains("no FILE"));
  gone.put(26, NtfsRecordMaker().in_use(0));
  BOOST_TEST(gone.reason() == "it refers to a file in record 26 that has gone");
}

BOOST_AUTO_TEST_CASE(names_are_found_by_their_order) {
  NtfsTestVolume volume;
  volume.put_root_names({{"$mft", 24}, {"Beta", 25}, {"c_d", 26}, {"CDE", 27}, {"zz", 28}});
  const auto opened = NtfsVolume::open(volume.disk).value();
  const auto find = [&](std::string_view name) -> std::uint64_t {
    const auto found = look_up_in_folder(opened, NtfsVolume::kRoot, name).value();
    return found ? found->record : 0;
  };
  BOOST_TEST(find("$MFT") == 24u);
  BOOST_TEST(find("bETA") == 25u);
  BOOST_TEST(find("c_D") == 26u);
  BOOST_TEST(find("zz") == 28u);
  // Out of order: '_' comes behind the capital letters.
  BOOST_TEST(find("cde") == 0u);
  BOOST_TEST(find("") == 0u);
  BOOST_TEST(find("zzz") == 0u);
  BOOST_TEST(find("\u00e4") == 0u);
}

// A block that leads to itself.
BOOST_AUTO_TEST_CASE(a_search_for_a_name_ends) {
  NtfsTestVolume volume;
  volume.put_root_names({}, 0);
  const auto opened = NtfsVolume::open(volume.disk).value();
  const auto found = look_up_in_folder(opened, NtfsVolume::kRoot, "name");
  BOOST_TEST(!found.has_value());
  BOOST_TEST(identify(volume.disk).system == "");
}

BOOST_AUTO_TEST_CASE(a_volume_file_that_is_cut_means_the_whole_volume) {
  NtfsTestVolume volume;
  volume.put(3, NtfsRecordMaker().resident(NtfsAttribute::kVolumeInformation, as_bytes("short")));
  BOOST_TEST(volume.reason() == "its volume file is damaged");
  volume.put(3, NtfsRecordMaker());
  BOOST_TEST(volume.reason() == "its NTFS version 0.0 is unknown");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
