// What has no map reader: recognised as blkid does, with the same label and identity.
#include <boost/test/unit_test.hpp>
#include <format>

#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

std::string blkid(const std::string& volume, const std::string& tag) {
  const Outcome said = run({.argv = {"blkid", "-p", "-o", "value", "-s", tag, volume}});
  return said.out.empty() ? "" : said.out.substr(0, said.out.size() - 1);
}

void compare(const std::string& volume, const std::string& name) {
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.info.filesystem == name);
  BOOST_TEST(found.info.label == blkid(volume, "LABEL"));
  BOOST_TEST(found.info.uuid == blkid(volume, "UUID"));
  BOOST_TEST(found.info.used + found.info.free <= std::max(found.info.total, found.info.used));
}

// Runs the formatting program on a file of that size; VOLUME stands for its path.
void format(std::vector<std::string> argv, std::uint64_t bytes, const std::string& name) {
  if (const auto why = missing_program(argv[0])) return skip(*why);
  if (const auto why = missing_program("blkid")) return skip(*why);
  const TempDir dir;
  const std::string volume = dir / "volume";
  make_sparse(volume, bytes);
  std::ranges::replace(argv, "VOLUME", volume);
  std::ranges::replace(argv, "TREE", (dir / "tree").string());
  make_tree(dir / "tree", 1, 10);
  must_run({.argv = argv, .input = "y\n"});
  compare(volume, name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_recognise)

BOOST_AUTO_TEST_CASE(xfs) {
  format({"mkfs.xfs", "-q", "-L", "drydock", "VOLUME"}, 400 * kMiB, "XFS");
}
BOOST_AUTO_TEST_CASE(btrfs) {
  format({"mkfs.btrfs", "-q", "-L", "drydock", "VOLUME"}, 200 * kMiB, "Btrfs");
}
BOOST_AUTO_TEST_CASE(f2fs) {
  format({"mkfs.f2fs", "-q", "-l", "drydock", "VOLUME"}, 100 * kMiB, "F2FS");
}
BOOST_AUTO_TEST_CASE(jfs) {
  format({"mkfs.jfs", "-q", "-L", "drydock", "VOLUME"}, 50 * kMiB, "JFS");
}
BOOST_AUTO_TEST_CASE(nilfs2) {
  format({"mkfs.nilfs2", "-q", "-L", "drydock", "VOLUME"}, 200 * kMiB, "NILFS2");
}
BOOST_AUTO_TEST_CASE(reiserfs) {
  format({"mkreiserfs", "-q", "-f", "-f", "-l", "drydock", "VOLUME"}, 50 * kMiB, "ReiserFS");
}
BOOST_AUTO_TEST_CASE(squashfs) {
  format({"mksquashfs", "TREE", "VOLUME", "-quiet", "-noappend"}, 0, "SquashFS");
}
BOOST_AUTO_TEST_CASE(erofs) {
  format({"mkfs.erofs", "VOLUME", "TREE"}, 0, "EROFS");
}
BOOST_AUTO_TEST_CASE(iso9660) {
  format({"xorriso", "-as", "mkisofs", "-quiet", "-V", "DRYDOCK", "-o", "VOLUME", "TREE"}, 0,
         "ISO 9660");
}
BOOST_AUTO_TEST_CASE(minix) {
  for (const char* version : {"-1", "-2", "-3"})
    format({"mkfs.minix", version, "VOLUME"}, 5 * kMiB, "Minix");
}
BOOST_AUTO_TEST_CASE(luks1) {
  format({"cryptsetup", "luksFormat", "-q", "--type", "luks1", "--iter-time", "1", "VOLUME"},
         30 * kMiB, "LUKS1");
}
BOOST_AUTO_TEST_CASE(luks2) {
  format({"cryptsetup", "luksFormat", "-q", "--type", "luks2", "--label", "drydock", "--pbkdf",
          "pbkdf2", "--iter-time", "1", "VOLUME"},
         30 * kMiB, "LUKS2");
}

BOOST_AUTO_TEST_CASE(udf) {
  format({"mkudffs", "-l", "drydock", "-b", "512", "VOLUME"}, 20 * kMiB, "UDF");
}

BOOST_AUTO_TEST_CASE(hfs_plus) {
  if (const auto why = missing_program("mkfs.hfsplus")) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "volume", 40 * kMiB);
  must_run({.argv = {"mkfs.hfsplus", "-v", "drydock", dir / "volume"}});
  BOOST_TEST(survey_volume(dir / "volume").info.filesystem == "HFS+");
}

BOOST_AUTO_TEST_CASE(lvm2) {
  if (const auto why = missing_program("pvcreate")) return skip(*why);
  if (const auto why = no_loop_device()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "volume", 20 * kMiB);
  {
    const LoopDevice loop(dir / "volume");
    must_run({.argv = {"pvcreate", "-q", "-y", loop.path()}});
  }
  compare(dir / "volume", "LVM2");
}

BOOST_AUTO_TEST_CASE(linux_raid_members) {
  if (const auto why = missing_program("mdadm")) return skip(*why);
  if (const auto why = no_loop_device()) return skip(*why);
  for (const std::string version : {"0.90", "1.0", "1.1", "1.2"}) {
    BOOST_TEST_CONTEXT(version) {
      const TempDir dir;
      make_sparse(dir / "volume", 20 * kMiB + 512);
      // A filesystem in front that shows through must not hide the RAID.
      must_run({.argv = {"mke2fs", "-q", "-F", dir / "volume", "10m"}});
      const LoopDevice loop(dir / "volume");
      const Outcome made =
          run({.argv = {"mdadm", "--create", "/dev/md127", "--run", "--level=1", "--raid-devices=2",
                        "--metadata=" + version, loop.path(), "missing"}});
      if (!made.ok()) return skip("this kernel has no software RAID");
      must_run({.argv = {"mdadm", "--stop", "/dev/md127"}});
      const Volume found = survey_volume(dir / "volume");
      BOOST_TEST(found.info.filesystem == "Linux RAID " + version);
      BOOST_TEST(found.whole_reason.contains("member of a RAID"), found.whole_reason);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
