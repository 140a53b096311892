#include "sys/mount_kind.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "io/faulty.h"
#include "io/file_source.h"
#include "io/memory_disk.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::sys {
namespace {

using namespace std::string_view_literals;

std::string kind_of(std::uint64_t offset, std::string_view magic) {
  io::MemoryDisk disk(256 * kKiB);
  std::ranges::copy(as_bytes(magic), disk.content().begin() + static_cast<std::ptrdiff_t>(offset));
  const auto kind = mount_kind(disk);
  BOOST_REQUIRE(kind.has_value());
  return kind->has_value() ? std::string((*kind)->type) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_mount_kind)

BOOST_AUTO_TEST_CASE(filesystems_by_their_magic_numbers) {
  BOOST_TEST(kind_of(0x438, "\x53\xEF"sv) == "ext4");
  BOOST_TEST(kind_of(0, "XFSB") == "xfs");
  BOOST_TEST(kind_of(0x10040, "_BHRfS_M") == "btrfs");
  BOOST_TEST(kind_of(3, "NTFS    ") == "ntfs3");
  BOOST_TEST(kind_of(3, "EXFAT   ") == "exfat");
  BOOST_TEST(kind_of(82, "FAT32   ") == "vfat");
  BOOST_TEST(kind_of(54, "FAT16   ") == "vfat");
  BOOST_TEST(kind_of(54, "FAT12   ") == "vfat");
  BOOST_TEST(kind_of(1024, "\x10\x20\xF5\xF2"sv) == "f2fs");
  BOOST_TEST(kind_of(1024, "H+") == "hfsplus");
  BOOST_TEST(kind_of(32769, "CD001") == "iso9660");
  BOOST_TEST(kind_of(36865, "NSR02") == "udf");
  BOOST_TEST(kind_of(500, "nothing") == "none");
}

BOOST_AUTO_TEST_CASE(journals_are_never_replayed_for_reading) {
  for (const auto& [offset, magic, option] : {std::tuple{0x438u, "\x53\xEF"sv, "noload"sv},
                                              {0u, "XFSB"sv, "norecovery"sv},
                                              {0x10040u, "_BHRfS_M"sv, "rescue=nologreplay"sv},
                                              {1024u, "\x10\x20\xF5\xF2"sv, "norecovery"sv}}) {
    io::MemoryDisk disk(256 * kKiB);
    std::ranges::copy(as_bytes(magic), disk.content().begin() + offset);
    const auto kind = mount_kind(disk);
    BOOST_REQUIRE(kind.has_value() && kind->has_value());
    BOOST_TEST((*kind)->read_only.contains(option));
    BOOST_TEST(!(*kind)->read_write.contains(option));
  }
}

BOOST_AUTO_TEST_CASE(a_volume_smaller_than_the_superblocks_and_one_that_fails) {
  const io::MemoryDisk tiny(512);
  BOOST_TEST(!mount_kind(tiny)->has_value());
  const io::MemoryDisk disk(256 * kKiB);
  io::Faults faults;
  faults.unreadable = ExtentMap::from({{4096, 512}});
  BOOST_TEST(!mount_kind(io::FaultySource(disk, faults)).has_value());
}

BOOST_AUTO_TEST_CASE(filesystems_as_their_own_tools_make_them) {
  const test::TempDir dir;
  unsigned made = 0;
  const auto check = [&](std::vector<std::string> argv, std::uint64_t bytes, const char* type) {
    if (test::missing_program(argv[0])) return;
    const std::string file = (dir / argv[0]).string();
    test::make_sparse(file, bytes);
    argv.push_back(file);
    test::must_run({.argv = argv});
    const auto source = io::open_file_source(file);
    BOOST_REQUIRE(source.has_value());
    const auto kind = mount_kind(**source);
    BOOST_REQUIRE(kind.has_value() && kind->has_value());
    BOOST_TEST((*kind)->type == type);
    ++made;
  };
  check({"mkfs.ext4", "-q", "-F"}, 16 * kMiB, "ext4");
  check({"mkfs.vfat"}, 16 * kMiB, "vfat");
  check({"mkfs.vfat", "-F", "32"}, 64 * kMiB, "vfat");
  check({"mkfs.exfat"}, 16 * kMiB, "exfat");
  check({"mkfs.ntfs", "-q", "-F"}, 16 * kMiB, "ntfs3");
  check({"mkfs.xfs", "-q", "-f"}, 512 * kMiB, "xfs");
  check({"mkfs.btrfs", "-q"}, 256 * kMiB, "btrfs");
  check({"mkfs.f2fs", "-q"}, 128 * kMiB, "f2fs");
  if (made == 0) test::skip("no mkfs tool is installed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
