// exFAT against exfatprogs, exfat-fuse and partclone.
#include <boost/test/unit_test.hpp>
#include <format>

#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/mounted.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"4K clusters", 100 * kMiB + 1536, {}},
      {"512-byte clusters", 60 * kMiB, {"-c", "512"}},
      {"32K clusters", 300 * kMiB + 512, {"-c", "32768"}},
      {"1M clusters", 300 * kMiB, {"-c", "1048576"}},
      {"large boundary", 200 * kMiB, {"-b", "4M"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  if (auto why = missing_programs({"mkfs.exfat", "fsck.exfat", "dump.exfat", "mount.exfat-fuse"}))
    return why;
  if (!stdfs::exists("/dev/fuse")) return "this kernel has no FUSE";
  return no_loop_device();
}

class ExfatMount {
 public:
  // The program stays behind with our pipes open, if it gets them.
  ExfatMount(const stdfs::path& volume, const stdfs::path& place, const std::string& options)
      : loop_(volume),
        mounted_({"sh", "-c", "mount.exfat-fuse \"$@\" >/dev/null 2>&1", "sh", "-o", options,
                  loop_.path(), place},
                 place) {}

 private:
  LoopDevice loop_;
  Mounted mounted_;
};

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  // It takes a label of the locale's characters.
  format_volume(volume, recipe.size, {"env", "LC_ALL=C.UTF-8", "mkfs.exfat", "-L", "Drydock ä"},
                recipe.options);
  const ExfatMount mounted(volume, dir / "mounted", "rw");
  const stdfs::path top = dir / "mounted";
  make_tree(top, 1, 80);
  delete_gone(top);
  make_tree(top / "later", 2, 40);
  return volume;
}

FileTree tree(const stdfs::path& volume, const TempDir& dir) {
  const ExfatMount mounted(volume, dir / "mounted", "ro");
  return file_tree(dir / "mounted");
}

std::uint64_t field(const std::string& dump, std::string_view name) {
  if (const auto number = number_after(dump, name)) return *number;
  throw std::runtime_error("dump.exfat says nothing of " + std::string(name));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_exfat)

BOOST_AUTO_TEST_CASE(maps_what_dump_exfat_counts_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == "exFAT");
      BOOST_TEST(found.info.label == "Drydock ä");

      const std::string dump = must_run({.argv = {"dump.exfat", volume}});
      const std::uint64_t sector = std::uint64_t{1} << field(dump, "Sector Size Bits:");
      const std::uint64_t heap = field(dump, "Cluster Heap Offset (sector offset):") * sector;
      const std::uint64_t cluster = field(dump, "Cluster size:");
      const std::uint64_t clusters = field(dump, "Total Clusters:");
      const std::uint64_t used = clusters - field(dump, "Free Clusters:");
      BOOST_TEST(found.used.clipped({heap, clusters * cluster}).bytes() == used * cluster);
      BOOST_TEST(found.used.contains({0, heap}));
      const std::uint64_t end = heap + clusters * cluster;
      BOOST_TEST(found.used.contains({end, recipe.size - end}));

      const stdfs::path copy = dir / "copy";
      restore_onto_noise(volume, found.used, copy);
      const Outcome check = run({.argv = {"fsck.exfat", "-n", copy}});
      BOOST_TEST(check.ok(), check.out + check.err);
      BOOST_TEST(difference(tree(copy, dir), tree(volume, dir)) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_partclone) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("partclone.exfat")) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const ExtentMap theirs = partclone_map("exfat", volume, dir / "domain");
      BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
      const ExtentMap ours_alone = found.used.subtracted(theirs);
      BOOST_TEST(ours_alone.bytes() <= found.used.bytes() / 50, difference(found.used, theirs));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_unreadable_sector_gives_the_same_map_or_a_reason) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  survey_unreadable(make_volume({"small", 12 * kMiB, {}}, dir), surveyed_map);
}

BOOST_AUTO_TEST_CASE(a_dirty_volume_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"small", 8 * kMiB, {}}, dir);
  write_range(volume, 106, std::string(1, '\x02'));
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("not unmounted cleanly"), found.whole_reason);
}

BOOST_AUTO_TEST_CASE(a_changed_boot_region_is_noticed) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"small", 8 * kMiB, {}}, dir);
  write_range(volume, 3 * 512 + 17, std::string(1, '\x55'));
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("checksum"), found.whole_reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
