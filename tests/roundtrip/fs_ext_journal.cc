// ext3 and ext4 as a crash leaves them: committed to the journal, not yet written home. e2fsprogs
// and the kernel, which replay the journal on a copy, are the witnesses.
#include <boost/test/unit_test.hpp>
#include <format>
#include <memory>

#include "base/units.h"
#include "fs/ext.h"
#include "fs/ext_journal.h"
#include "io/faulty.h"
#include "io/file_source.h"
#include "io/memory_disk.h"
#include "support/damage.h"
#include "support/ext_oracle.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/mounted.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kBytes = 300 * kMiB;

struct Recipe {
  std::string name;
  std::vector<std::string> options;
  std::string mount = "commit=600";
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"ext3, 1K", {"-t", "ext3", "-b", "1024"}},
      {"ext4", {"-t", "ext4"}},
      {"ext4, 1K, journal of data", {"-t", "ext4", "-b", "1024"}, "commit=600,data=journal"},
      {"ext4, journal of data", {"-t", "ext4"}, "commit=600,data=journal"},
      {"ext4, 32-bit", {"-t", "ext4", "-O", "^64bit"}},
      {"ext4, no checksums", {"-t", "ext4", "-O", "^metadata_csum,uninit_bg"}},
      {"ext4, bigalloc, inline_data", {"-t", "ext4", "-O", "bigalloc,inline_data"}},
      {"ext4, small journal", {"-t", "ext4", "-J", "size=4"}},
      {"ext4, orphan_file", {"-t", "ext4", "-O", "orphan_file,metadata_csum_seed"}},
  };
  return all;
}

std::optional<std::string> missing() {
  if (const auto why = not_root()) return why;
  return missing_programs({"mke2fs", "debugfs", "dumpe2fs", "e2fsck"});
}

std::unique_ptr<Mounted> mount(const stdfs::path& volume, const stdfs::path& point,
                               const std::string& options) {
  return mount_if_possible({"mount", "-o", "loop," + options, volume, point}, point);
}

// Files that only the journal knows of, blocks that it must not bring back, and blocks that look
// like its own.
void use(const stdfs::path& top) {
  make_tree(top / "old", 21, 120);
  must_run({.argv = {"sync", "-f", top}});
  make_tree(top / "gone", 22, 300);
  must_run({.argv = {"sync", top / "gone"}});
  stdfs::remove_all(top / "gone");
  delete_gone(top / "old");
  std::string magic;
  for (unsigned i = 0; i < 200; ++i) magic += "\xC0\x3B\x39\x98" + noise(i, 1020);
  write_file(top / "magic", magic);
  make_tree(top / "new", 23, 200);
  write_file(top / "last", "committed");
  // Commits the journal, and everything ordered before it, but leaves the rest where it is.
  must_run({.argv = {"sync", top / "magic", top / "last"}});
}

// As the disk is when the machine loses power. Nothing if this kernel cannot mount it.
bool crash(const Recipe& recipe, const TempDir& dir, const stdfs::path& crashed) {
  const stdfs::path live = dir / "live";
  format_volume(live, kBytes, {"mke2fs", "-q", "-F"}, recipe.options);
  const auto mounted = mount(live, dir / "mounted", recipe.mount);
  if (!mounted) return false;
  use(dir / "mounted");
  copy_sparse(live, crashed);
  mounted->end();
  return true;
}

// Where the volume as the reader foresees it differs from the volume as e2fsck replays it; the
// superblock and the journal's own are changed by the replay itself.
std::string foreseen(const stdfs::path& crashed, const stdfs::path& replayed) {
  const auto before = io::open_file_source(crashed).value();
  const auto after = io::open_file_source(replayed).value();
  const auto super =
      fs::ExtSuper::decode(io::read_bytes(*before, fs::ExtSuper::kOffset, 1024).value()).value();
  auto blocks = fs::journalled_blocks(*before, super);
  if (!blocks) return blocks.error().what;
  if (blocks->empty()) return "nothing was in the journal";
  const fs::ReplayedSource view(*before, super.block_bytes(), std::move(*blocks));
  std::string differing;
  std::size_t count = 0;
  for (std::uint64_t at = super.block_bytes(); at < kBytes; at += super.block_bytes()) {
    const auto ours = io::read_bytes(view, at, super.block_bytes()).value();
    if (ours == io::read_bytes(*after, at, super.block_bytes()).value()) continue;
    const bool journal_super = std::ranges::equal(Bytes(ours).first(4), fs::kJournalMagic) &&
                               std::to_integer<int>(ours[7]) == 4;
    const bool super_block = at <= fs::ExtSuper::kOffset;
    if (!journal_super && !super_block && ++count < 10)
      differing += std::format(" {}", at / super.block_bytes());
  }
  return differing;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ext_journal)

BOOST_AUTO_TEST_CASE(a_volume_after_a_power_cut_is_mapped_as_it_will_be) {
  if (const auto why = missing()) return skip(*why);
  bool some_free_on_disk = false;
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path crashed = dir / "crashed";
      if (!crash(recipe, dir, crashed)) return skip("this kernel cannot mount ext4 from a file");

      const Volume found = survey_volume(crashed);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST((found.info.state == VolumeState::dirty));
      BOOST_TEST(found.used.bytes() < kBytes);
      if (!found.used.intersected(dumpe2fs_free(crashed)).empty()) some_free_on_disk = true;

      copy_sparse(crashed, dir / "replayed");
      run({.argv = {"e2fsck", "-y", "-E", "journal_only", dir / "replayed"}});
      BOOST_TEST(foreseen(crashed, dir / "replayed") == "");
      const ExtentMap free = dumpe2fs_free(dir / "replayed");
      const ExtentMap kept_free = found.used.intersected(free);
      BOOST_TEST(kept_free.empty(), difference(kept_free, {}));
      BOOST_TEST(found.used.united(free).bytes() == kBytes);

      // The whole volume as the kernel brings it back, against the one restored from the map.
      FileTree whole;
      FileTree restored;
      restore_onto_noise(crashed, found.used, dir / "restored");
      for (const auto& [volume, tree] :
           {std::pair{dir / "crashed", &whole}, std::pair{dir / "restored", &restored}}) {
        const auto mounted = mount(volume, dir / "mounted", "rw");
        BOOST_REQUIRE(mounted != nullptr);
        *tree = file_tree(dir / "mounted");
        mounted->end();
      }
      BOOST_TEST(difference(restored, whole) == "same");
      BOOST_TEST(whole.contains("last"));
      const Outcome check = run({.argv = {"e2fsck", "-f", "-n", dir / "restored"}});
      BOOST_TEST(check.ok(), check.out);
    }
  }
  // Else these volumes would not have shown that the journal matters.
  BOOST_TEST(some_free_on_disk);
}

BOOST_AUTO_TEST_CASE(an_empty_journal_changes_nothing) {
  if (const auto why = missing()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "volume", kBytes);
  must_run({.argv = {"mke2fs", "-q", "-F", "-t", "ext4", dir / "volume"}});
  const ExtentMap clean = survey_volume(dir / "volume").used;
  must_run({.argv = {"debugfs", "-w", "-R", "feature needs_recovery", dir / "volume"}});
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST((found.info.state == VolumeState::dirty));
  BOOST_TEST((found.used == clean));
}

BOOST_AUTO_TEST_CASE(blocks_written_and_revoked_by_debugfs_are_foreseen) {
  if (const auto why = missing()) return skip(*why);
  const TempDir dir;
  write_file(dir / "data", "\xC0\x3B\x39\x98" + noise(3, 9 * 4096 - 4));
  for (const char* features : {"metadata_csum,64bit", "^metadata_csum,^64bit"}) {
    BOOST_TEST_CONTEXT(features) {
      const stdfs::path volume = dir / "volume";
      make_sparse(volume, kBytes);
      must_run(
          {.argv = {"mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-O", features, volume}});
      const std::string data = (dir / "data").string();
      write_file(dir / "script", "jo\njw -b 70000-70008 " + data + "\njw -b 70100,70101 " + data +
                                     "\njw -r 70003,70101\njw -b 70101 " + data + "\njc\n");
      must_run({.argv = {"debugfs", "-w", "-f", dir / "script", volume}});
      copy_sparse(volume, dir / "replayed");
      run({.argv = {"e2fsck", "-y", "-E", "journal_only", dir / "replayed"}});
      BOOST_TEST(foreseen(volume, dir / "replayed") == "");
      BOOST_TEST(read_range(dir / "replayed", 70000 * 4 * kKiB, 8) != std::string(8, '\0'));
      BOOST_TEST(read_range(dir / "replayed", 70003 * 4 * kKiB, 8) == std::string(8, '\0'));
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_in_the_journal_never_changes_the_map) {
  if (const auto why = missing()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_sparse(volume, 8 * kMiB);
  must_run({.argv = {"mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024", "-J", "size=1", volume}});
  write_file(dir / "data", noise(4, 4 * 1024));
  write_file(dir / "script", std::format("jo\njw -b 7000-7003 {0}\njc\njo\njw -r 7001\njw -b "
                                         "7002-7004 {0}\njc\n",
                                         (dir / "data").string()));
  must_run({.argv = {"debugfs", "-w", "-f", dir / "script", volume}});
  const Volume sound = survey_volume(volume);
  BOOST_REQUIRE(sound.whole_reason == "");

  io::MemoryDisk disk = in_memory(volume);
  const auto super = fs::ExtSuper::decode(Bytes(disk.content()).subspan(1024, 1024)).value();
  const auto blocks = fs::journalled_blocks(disk, super).value();
  BOOST_REQUIRE(blocks.size() == 4u);
  // The journal's superblock, and from there to the block behind the last commit.
  const std::uint64_t first = std::ranges::min(blocks, {}, &fs::JournalledBlock::copy).copy - 6;
  const std::uint64_t last = std::ranges::max(blocks, {}, &fs::JournalledBlock::copy).copy + 2;
  for (std::uint64_t block = first; block <= last; ++block) {
    io::Faults faults;
    faults.unreadable.add({block * 1024, 1024});
    const auto used = fs::used_ext(io::FaultySource(disk, faults));
    BOOST_TEST((!used || *used == sound.used));
    if (!used) BOOST_TEST(used.error().what.contains("cannot be read"), used.error().what);
    for (std::uint64_t bit = block * 8192; bit < (block + 1) * 8192;
         bit += bit % 8192 < 400 ? 1 : 37) {
      disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
      const auto flipped = fs::used_ext(disk);
      BOOST_REQUIRE_MESSAGE(!flipped || *flipped == sound.used, "bit " << bit);
      disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_foreseen_means_the_whole_volume) {
  if (const auto why = missing()) return skip(*why);
  const auto reason = [](const Recipe& recipe) {
    const TempDir dir;
    return crash(recipe, dir, dir / "crashed") ? survey_volume(dir / "crashed").whole_reason
                                               : std::string("cannot be mounted");
  };
  const std::string fast = reason({"", {"-t", "ext4", "-O", "fast_commit"}, "fast_commit"});
  if (fast == "cannot be mounted") return skip(fast);
  BOOST_TEST(fast.contains("fast commits"), fast);
  const std::string old =
      reason({"", {"-t", "ext4", "-O", "^metadata_csum"}, "journal_checksum,commit=600"});
  BOOST_TEST((old.contains("unknown features") || old == ""), old);
  const std::string early =
      reason({"", {"-t", "ext4", "-O", "^metadata_csum"}, "journal_async_commit,commit=600"});
  BOOST_TEST(early.contains("unknown features"), early);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
