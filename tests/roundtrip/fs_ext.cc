// ext2, ext3 and ext4 against e2fsprogs and partclone.
#include <boost/test/unit_test.hpp>
#include <format>
#include <fstream>

#include "support/ext_oracle.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
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
  std::string type = "ext4";  // that must be reported
  bool partclone = true;      // knows these features and can be compared with
};

// Every size is odd so that the last group is short and something lies behind the last block.
const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"ext2, 1K", 40 * kMiB + 7 * 512, {"-t", "ext2", "-b", "1024"}, "ext2"},
      {"ext2, 4K", 150 * kMiB + 3584, {"-t", "ext2", "-b", "4096"}, "ext2"},
      {"ext2, revision 0", 40 * kMiB, {"-r", "0", "-b", "1024", "-O", "none"}, "ext2"},
      {"ext2, all superblocks",
       70 * kMiB,
       {"-t", "ext2", "-b", "1024", "-O", "^sparse_super,^resize_inode"},
       "ext2"},
      {"ext3", 90 * kMiB, {"-t", "ext3", "-b", "1024"}, "ext3"},
      {"ext4", 200 * kMiB + 512, {"-t", "ext4"}},
      {"ext4, 1K", 200 * kMiB + 512, {"-t", "ext4", "-b", "1024"}},
      {"ext4, 2K", 200 * kMiB + 1024, {"-t", "ext4", "-b", "2048"}},
      {"ext4, 64K", 300 * kMiB + 32768, {"-t", "ext4", "-b", "65536"}},
      {"ext4, small groups", 100 * kMiB, {"-t", "ext4", "-b", "1024", "-g", "1024"}},
      {"ext4, uninit_bg", 300 * kMiB, {"-t", "ext4", "-O", "^metadata_csum,uninit_bg"}},
      {"ext4, uninit_bg, 32-bit",
       300 * kMiB,
       {"-t", "ext4", "-O", "^metadata_csum,uninit_bg,^64bit"}},
      {"ext4, no checksums", 300 * kMiB, {"-t", "ext4", "-O", "^metadata_csum,^uninit_bg"}},
      {"ext4, metadata_csum, 32-bit", 100 * kMiB, {"-t", "ext4", "-b", "1024", "-O", "^64bit"}},
      {"ext4, no flex_bg", 200 * kMiB, {"-t", "ext4", "-b", "1024", "-O", "^flex_bg"}},
      {"ext4, large flex groups", 300 * kMiB, {"-t", "ext4", "-b", "1024", "-G", "64"}},
      {"ext4, meta_bg",
       300 * kMiB,
       {"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode,^flex_bg"}},
      {"ext4, meta_bg and flex_bg",
       300 * kMiB,
       {"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode"}},
      {"ext4, sparse_super2",
       300 * kMiB,
       {"-t", "ext4", "-b", "1024", "-O", "sparse_super2,^resize_inode"}},
      {"ext4, sparse_super2, one copy",
       300 * kMiB,
       {"-t", "ext4", "-b", "1024", "-O", "sparse_super2,^resize_inode", "-E", "num_backup_sb=1"}},
      {"ext4, bigalloc",
       300 * kMiB + 4096,
       {"-t", "ext4", "-O", "bigalloc", "-C", "16384"},
       "ext4",
       false},
      {"ext4, bigalloc, 1K",
       300 * kMiB + 1024,
       {"-t", "ext4", "-b", "1024", "-O", "bigalloc", "-C", "65536"},
       "ext4",
       false},
      {"ext4, inline_data", 100 * kMiB, {"-t", "ext4", "-O", "inline_data"}},
      {"ext4, no journal", 100 * kMiB, {"-t", "ext4", "-O", "^has_journal"}},
      {"ext4, fast_commit", 200 * kMiB, {"-t", "ext4", "-O", "fast_commit"}},
      {"ext4, orphan_file", 200 * kMiB, {"-t", "ext4", "-O", "orphan_file"}, "ext4", false},
      {"ext4, mmp", 100 * kMiB, {"-t", "ext4", "-O", "mmp"}},
      {"ext4, quota and project", 100 * kMiB, {"-t", "ext4", "-O", "quota,project"}},
      {"ext4, casefold, encrypt, verity",
       100 * kMiB,
       {"-t", "ext4", "-O", "casefold,encrypt,verity"}},
      {"ext4, ea_inode, large_dir", 100 * kMiB, {"-t", "ext4", "-O", "ea_inode,large_dir"}},
      {"ext4, metadata_csum_seed",
       100 * kMiB,
       {"-t", "ext4", "-O", "metadata_csum_seed"},
       "ext4",
       false},
      {"ext4, stable_inodes", 100 * kMiB, {"-t", "ext4", "-O", "stable_inodes"}},
      {"ext4, room to grow", 100 * kMiB, {"-t", "ext4", "-E", "resize=20g"}},
      {"ext4, eager tables",
       100 * kMiB,
       {"-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0"}},
      {"ext4, packed metadata", 100 * kMiB, {"-t", "ext4", "-E", "packed_meta_blocks=1"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mke2fs", "debugfs", "dumpe2fs", "e2fsck"});
}

// Deletes every file named "gone…" and writes new ones into the holes, without mounting.
void churn(const stdfs::path& volume, const stdfs::path& tree, const stdfs::path& scratch) {
  std::string script;
  for (const auto& entry : stdfs::recursive_directory_iterator(tree)) {
    if (!entry.is_regular_file() || !entry.path().filename().string().starts_with("gone")) continue;
    script += std::format("rm \"/{}\"\n", entry.path().lexically_relative(tree).string());
  }
  make_tree(scratch / "new", 2, 40);
  script += "mkdir new\ncd new\n";
  unsigned count = 0;
  for (const auto& entry : stdfs::recursive_directory_iterator(scratch / "new"))
    if (entry.is_regular_file())
      script += std::format("write \"{}\" new{}\n", entry.path().string(), ++count);
  write_file(scratch / "script", script);
  must_run({.argv = {"debugfs", "-w", "-f", scratch / "script", volume}});
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  make_tree(dir / "tree", 1, 120);
  format_volume(volume, recipe.size, {"mke2fs", "-q", "-F", "-L", "drydock", "-d", dir / "tree"},
                recipe.options);
  churn(volume, dir / "tree", dir.path());
  // Neither program keeps quota files.
  if (recipe.name.contains("quota")) run({.argv = {"e2fsck", "-f", "-y", volume}});
  return volume;
}

FileTree contents(const stdfs::path& volume, const stdfs::path& scratch) {
  stdfs::create_directories(scratch);
  must_run({.argv = {"debugfs", "-R", "rdump / " + scratch.string(), volume}});
  return file_tree(scratch);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ext)

BOOST_AUTO_TEST_CASE(maps_exactly_what_dumpe2fs_calls_used_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == recipe.type);
      BOOST_TEST(found.info.label == "drydock");
      const ExtentMap oracle = dumpe2fs_used(volume);
      BOOST_TEST((found.used == oracle), difference(found.used, oracle));

      const stdfs::path copy = dir / "copy";
      restore_onto_noise(volume, found.used, copy);
      const Outcome check = run({.argv = {"e2fsck", "-f", "-n", copy}});
      BOOST_TEST(check.ok(), check.out + check.describe());
      BOOST_TEST(difference(contents(copy, dir / "b"), contents(volume, dir / "a")) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_partclone) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("partclone.extfs")) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    if (!recipe.partclone) continue;
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const ExtentMap theirs = partclone_map("extfs", volume, dir / "domain");
      BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
      // Beyond theirs, ours has only what lies behind the filesystem's last block.
      const std::uint64_t end = found.info.total;
      const ExtentMap inside = found.used.clipped({0, end});
      BOOST_TEST((inside == theirs), difference(inside, theirs));
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_after_the_kernel_has_used_the_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = not_root()) return skip(*why);
  const TempDir dir;
  for (const char* features : {"^metadata_csum,uninit_bg", "metadata_csum,64bit",
                               "^flex_bg,^has_journal", "bigalloc", "inline_data,fast_commit"}) {
    BOOST_TEST_CONTEXT(features) {
      const stdfs::path volume = dir / "volume";
      const stdfs::path place = dir / "mounted";
      format_volume(volume, 400 * kMiB, {"mke2fs", "-q", "-F", "-t", "ext4"}, {"-O", features});
      const auto mounted = mount_if_possible({"mount", "-o", "loop", volume, place}, place);
      if (!mounted) return skip("this kernel cannot mount ext4 from a file");
      for (unsigned round = 0; round < 4; ++round) {
        make_tree(place / std::format("round {}", round), round + 10, 200);
        delete_gone(place);
        must_run({.argv = {"sync", "-f", place}});
      }
      const FileTree before = file_tree(place);

      const Volume in_use = survey_volume(volume);
      BOOST_TEST((in_use.used_block() || in_use.used.bytes() == 400 * kMiB));
      mounted->end();

      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      const ExtentMap oracle = dumpe2fs_used(volume);
      BOOST_TEST((found.used == oracle), difference(found.used, oracle));
      restore_onto_noise(volume, found.used, dir / "copy");
      const Outcome check = run({.argv = {"e2fsck", "-f", "-n", dir / "copy"}});
      BOOST_TEST(check.ok(), check.out);
      Mounted copy({"mount", "-o", "loop,ro", dir / "copy", place}, place);
      BOOST_TEST(difference(file_tree(place), before) == "same");
      copy.end();
    }
  }
}

BOOST_AUTO_TEST_CASE(an_external_journal_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "journal", 20 * kMiB);
  must_run({.argv = {"mke2fs", "-q", "-F", "-O", "journal_dev", "-b", "4096", dir / "journal"}});
  const Volume found = survey_volume(dir / "journal");
  BOOST_TEST(found.info.filesystem == "jbd");
  BOOST_TEST(found.whole_reason.contains("journal of another volume"), found.whole_reason);
}

BOOST_AUTO_TEST_CASE(a_volume_smaller_than_its_filesystem_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"ext4", 100 * kMiB, {"-t", "ext4"}}, dir);
  stdfs::resize_file(volume, 99 * kMiB);
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("more than the volume"), found.whole_reason);
}

BOOST_AUTO_TEST_CASE(what_lies_behind_the_filesystem_is_kept) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"ext4", 100 * kMiB, {"-t", "ext4"}}, dir);
  stdfs::resize_file(volume, 120 * kMiB + 512);
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.used.contains({100 * kMiB, 20 * kMiB + 512}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
