// ext4 volumes that were resized, with and without being mounted, and one whose journal is
// elsewhere.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/units.h"
#include "support/ext_oracle.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/mounted.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

struct Recipe {
  std::string name;
  std::vector<std::string> options;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"1K", {"-t", "ext4", "-b", "1024"}},
      {"1K, small groups", {"-t", "ext4", "-b", "1024", "-g", "1024"}},
      {"4K", {"-t", "ext4", "-b", "4096"}},
      {"no room for descriptors", {"-t", "ext4", "-b", "1024", "-O", "^resize_inode"}},
      {"no flex_bg", {"-t", "ext4", "-b", "1024", "-O", "^flex_bg"}},
      {"meta_bg", {"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode"}},
      {"uninit_bg", {"-t", "ext4", "-b", "1024", "-O", "^metadata_csum,uninit_bg"}},
      {"sparse_super2", {"-t", "ext4", "-b", "1024", "-O", "sparse_super2,^resize_inode"}},
      {"bigalloc", {"-t", "ext4", "-O", "bigalloc"}},
      {"ext3", {"-t", "ext3", "-b", "1024"}},
  };
  return all;
}

std::optional<std::string> missing() {
  if (const auto why = not_root()) return why;
  if (auto why = no_loop_device()) return why;
  return missing_programs({"mke2fs", "resize2fs", "dumpe2fs", "e2fsck"});
}

void make(const Recipe& recipe, const stdfs::path& volume, std::uint64_t bytes,
          std::vector<std::string> more = {}) {
  more.insert(more.begin(), recipe.options.begin(), recipe.options.end());
  format_volume(volume, bytes, {"mke2fs", "-q", "-F"}, more);
}

// Writes, deletes and writes again; `between` happens while it is mounted.
template <class Work>
bool use(const std::string& device, const stdfs::path& point, unsigned seed, Work between) {
  const auto mounted = mount_if_possible({"mount", "-t", "ext4", device, point}, point);
  if (!mounted) return false;
  make_tree(point / std::format("before {}", seed), seed, 150);
  delete_gone(point);
  between();
  make_tree(point / std::format("after {}", seed), seed + 100, 150);
  mounted->end();
  return true;
}

Volume compare_map(const stdfs::path& volume) {
  Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  const ExtentMap oracle = dumpe2fs_used(volume);
  BOOST_TEST((found.used == oracle), difference(found.used, oracle));
  return found;
}

// Returns the size of the filesystem.
std::uint64_t compare(const stdfs::path& volume, const TempDir& dir) {
  const Volume found = compare_map(volume);
  restore_onto_noise(volume, found.used, dir / "copy");
  const Outcome check = run({.argv = {"e2fsck", "-f", "-n", dir / "copy"}});
  BOOST_TEST(check.ok(), check.out);
  return found.info.total;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ext_grown)

BOOST_AUTO_TEST_CASE(volumes_grown_and_shrunk_while_not_mounted) {
  if (const auto why = missing()) return skip(*why);
  std::size_t grown = 0;
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      make_tree(dir / "tree", 9, 100);
      make(recipe, volume, 40 * kMiB, {"-d", dir / "tree"});
      for (const char* size : {"300M", "170M"}) {
        stdfs::resize_file(volume, 300 * kMiB);
        must_run({.argv = {"e2fsck", "-f", "-y", volume}});
        // It refuses some of them: then they are as they were.
        run({.argv = {"resize2fs", volume, size}});
        if (compare(volume, dir) > 150 * kMiB) ++grown;
      }
    }
  }
  BOOST_TEST(grown >= 18u);
}

BOOST_AUTO_TEST_CASE(volumes_grown_while_in_use) {
  if (const auto why = missing()) return skip(*why);
  std::size_t grown = 0;
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      make(recipe, volume, 40 * kMiB);
      Outcome resized;
      const LoopDevice loop(volume);
      const bool mounted = use(loop.path(), dir / "mounted", 5, [&] {
        stdfs::resize_file(volume, 300 * kMiB);
        must_run({.argv = {"losetup", "-c", loop.path()}});
        resized = run({.argv = {"resize2fs", loop.path()}});
      });
      // It takes CAP_SYS_RESOURCE.
      if (resized.err.contains("Permission denied")) return skip("not allowed to resize a volume");
      if (!mounted) return skip("this kernel cannot mount ext4 from a file");
      if (compare(volume, dir) > 150 * kMiB) ++grown;
    }
  }
  BOOST_TEST(grown >= 7u);
}

BOOST_AUTO_TEST_CASE(a_volume_whose_journal_is_elsewhere) {
  if (const auto why = missing()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "journal", 20 * kMiB);
  must_run({.argv = {"mke2fs", "-q", "-F", "-O", "journal_dev", "-b", "4096", dir / "journal"}});
  const LoopDevice journal(dir / "journal");
  const stdfs::path volume = dir / "volume";
  make({"", {"-t", "ext4", "-b", "4096", "-J", "device=" + journal.path()}}, volume, 100 * kMiB);
  const LoopDevice loop(volume);
  const bool mounted = use(loop.path(), dir / "mounted", 5, [&] {
    must_run({.argv = {"sync", "-f", dir / "mounted"}});
    const Volume in_use = survey_volume(volume);
    BOOST_TEST(in_use.whole_reason.contains("another device and has not been replayed"),
               in_use.whole_reason);
  });
  if (!mounted) return skip("this kernel cannot mount ext4 from a file");
  compare_map(volume);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
