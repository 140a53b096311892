// What is recognised and kept whole: by which bytes, and for which reason.
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "fs/driver.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t kBytes = std::uint64_t{4} << 20;

struct Mark {
  std::uint64_t at;
  std::string bytes;
};

struct Known {
  std::string name;
  std::string reason;  // a part of it
  std::vector<Mark> marks;
};

std::string le64(std::uint64_t value) {
  std::string bytes(8, '\0');
  store_le(reinterpret_cast<std::byte*>(bytes.data()), value);
  return bytes;
}

constexpr std::uint64_t kRaidTail = kBytes - 8192;

const std::vector<Known>& all_known() {
  static const std::vector<Known> all{
      {"LUKS1", "encrypted", {{0, "LUKS\xba\xbe\0\1"s}}},
      {"LUKS2", "encrypted", {{0, "LUKS\xba\xbe\0\2"s}}},
      // Its first header wiped: the second one tells.
      {"LUKS2", "encrypted", {{16384, "SKUL\xba\xbe\0\2"s}, {16384 + 256, "\0\0\0\0\0\0\x40\0"s}}},
      {"BitLocker", "encrypted", {{0, "\xeb\x58\x90-FVE-FS-"s}}},
      {"BitLocker",
       "encrypted",
       {{3, "MSWIN4.1"s},
        {424, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\1"s}}},
      {"ZFS", "reader for ZFS", {{128 * 1024, "\x0c\xb1\xba\0\0\0\0\0"s}}},
      {"ZFS", "reader for ZFS", {{(256 + 128 + 4) * 1024, "\0\0\0\0\0\xba\xb1\x0c"s}}},
      {"bcachefs",
       "reader for bcachefs",
       {{4096 + 24, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"s}}},
      {"bcache",
       "storage pool",
       {{4096 + 24, "\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef"s}}},
      {"ReFS", "reader for ReFS", {{3, "ReFS\0\0\0\0"s}, {16, "FSRS"s}}},
      {"VMFS", "reader for VMFS", {{1 << 20, "\x0d\xd0\x01\xc0"s}}},
      {"VMFS", "reader for VMFS", {{2 << 20, "\x5e\xf1\xab\x2f"s}}},
      {"Ceph BlueStore", "storage pool", {{0, "bluestore block device\n"s}}},
      {"Storage Spaces", "storage pool", {{0, "SPACEDB "s}}},
      {"Storage Spaces", "storage pool", {{4096, "SPACEDB "s}}},
      {"VDO", "storage pool", {{0, "dmvdo001"s}}},
      {"Stratis", "storage pool", {{512 + 4, "!Stra0tis\x86\xff\x02^\x41rh"s}}},
      {"Linux RAID 0.90", "member of a RAID", {{kBytes - 65536, "\xfc\x4e\x2b\xa9\0\0\0\0"s}}},
      {"Linux RAID 1.0",
       "member of a RAID",
       {{kRaidTail, "\xfc\x4e\x2b\xa9\1\0\0\0"s}, {kRaidTail + 144, le64(kRaidTail / 512)}}},
      {"Linux RAID 1.1", "member of a RAID", {{0, "\xfc\x4e\x2b\xa9\1\0\0\0"s}}},
      {"Linux RAID 1.2",
       "member of a RAID",
       {{4096, "\xfc\x4e\x2b\xa9\1\0\0\0"s}, {4096 + 144, le64(8)}}},
      {"Intel RAID", "member of a RAID", {{kBytes - 1024, "Intel Raid ISM Cfg Sig. "s}}},
      {"DDF RAID", "member of a RAID", {{kBytes - 512, "\xde\x11\xde\x11"s}}},
  };
  return all;
}

void mark(io::MemoryDisk& disk, const Known& known) {
  for (const Mark& mark : known.marks) test::put_text(disk, mark.at, mark.bytes);
}

void check(const io::MemoryDisk& disk, const Known& known) {
  const Volume found = survey(disk, {});
  BOOST_TEST(found.info.filesystem == known.name);
  BOOST_TEST(identify(disk).filesystem == known.name);
  BOOST_TEST(found.whole_reason.contains(known.reason), found.whole_reason);
  BOOST_TEST((found.used == ExtentMap::whole(disk.geometry().bytes)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_recognised)

BOOST_AUTO_TEST_CASE(each_is_kept_whole_for_its_reason) {
  for (const Known& known : all_known()) {
    BOOST_TEST_CONTEXT(known.name << " at " << known.marks[0].at) {
      io::MemoryDisk disk(kBytes);
      mark(disk, known);
      check(disk, known);
    }
  }
}

// What was there before, or what shows through a mirror, is not taken for the content.
BOOST_AUTO_TEST_CASE(each_is_kept_whole_over_an_ext_that_is_in_order) {
  const test::ExtVolume ext;
  for (const Known& known : all_known()) {
    BOOST_TEST_CONTEXT(known.name << " at " << known.marks[0].at) {
      io::MemoryDisk disk(kBytes);
      std::ranges::copy(ext.disk.content(), disk.content().begin());
      BOOST_TEST(survey(disk, {}).used_block());
      mark(disk, known);
      const Volume found = survey(disk, {});
      BOOST_TEST(found.whole_reason != "");
      BOOST_TEST((found.used == ExtentMap::whole(kBytes)));
    }
  }
}

// VeraCrypt and plain dm-crypt have no signature: noise is not a reason to leave anything out.
BOOST_AUTO_TEST_CASE(noise_is_kept_whole) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 8; ++round) {
    io::MemoryDisk disk(kBytes);
    for (std::uint64_t at = 0; at < kBytes; at += 8) test::put64(disk, at, random());
    check(disk, {"", "does not recognise", {}});
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
