// Btrfs against btrfs-progs, partclone and the kernels of this machine and of the ISO.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/hash.h"
#include "fs/driver.h"
#include "support/btrfs_volume.h"
#include "support/damage.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "support/worn_volume.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

const std::vector<BtrfsRecipe>& recipes() {
  static const std::vector<BtrfsRecipe> all{
      {"default"},
      {"single metadata", {"-m", "single"}},
      {"everything twice", {"-m", "dup", "-d", "dup"}},
      {"mixed groups", {"-M", "-n", "4096"}, "rw", 120 * kMiB + 512},
      {"4K nodes", {"-n", "4096"}},
      {"64K nodes", {"-n", "65536"}},
      {"xxhash", {"--csum", "xxhash"}, "rw,compress=zstd"},
      {"sha256", {"--csum", "sha256"}, "rw,compress-force=lzo"},
      {"blake2", {"--csum", "blake2"}, "rw,compress=zlib"},
      {"old references", {"-O", "^skinny-metadata,^extref,^no-holes"}},
      {"space cache 1", {"-R", "^free-space-tree"}, "rw,space_cache=v1"},
      {"no space cache", {"-R", "^free-space-tree"}, "rw,nospace_cache"},
      {"quotas", {"-R", "quota"}},
      {"no data sums", {}, "rw,nodatacow,max_inline=0"},
  };
  return all;
}

// What mkfs.btrfs can since 6.3.
const BtrfsRecipe kOwnTree{"block group tree", {"-O", "block-group-tree"}};

// Those that the mkfs.btrfs that is here can make.
std::vector<BtrfsRecipe> possible_recipes() {
  std::vector<BtrfsRecipe> possible = recipes();
  const Outcome features = run({.argv = {"mkfs.btrfs", "-O", "list-all"}});
  if ((features.out + features.err).contains("block-group-tree")) possible.push_back(kOwnTree);
  return possible;
}

// A small volume with little on it, of which every sector can be tried.
void make_small_volume(const stdfs::path& volume, const TempDir& dir,
                       const std::vector<std::string>& options) {
  format_volume(volume, 120 * kMiB, {"mkfs.btrfs", "-q", "-f", "-n", "4096"}, options);
  const BtrfsMount mounted(volume, dir / "mounted", "rw");
  make_tree(dir / "mounted", 5, 12);
  delete_gone(dir / "mounted");
}

// Sets a number of the superblock and mends the checksum (CRC-32C).
void set_super(const stdfs::path& volume, std::size_t at, std::uint64_t value, std::size_t bytes) {
  constexpr std::uint64_t kSuper = 0x1'0000;
  std::string super = read_range(volume, kSuper, 4096);
  for (std::size_t i = 0; i < bytes; ++i) super[at + i] = static_cast<char>(value >> 8 * i);
  const std::uint32_t sum = ~crc32c_raw(~0U, as_bytes(super).subspan(32));
  for (std::size_t i = 0; i < 4; ++i) super[i] = static_cast<char>(sum >> 8 * i);
  write_range(volume, kSuper, super);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_btrfs)

BOOST_AUTO_TEST_CASE(maps_what_btrfs_progs_call_used_and_restores_from_it) {
  if (const auto why = missing_btrfs()) return skip(*why);
  for (const BtrfsRecipe& recipe : possible_recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      make_btrfs(recipe, dir / "volume", dir);
      const Volume found = survey_volume(dir / "volume");
      BOOST_TEST(found.info.filesystem == "Btrfs");
      BOOST_TEST(found.info.label == "drydock");
      BOOST_TEST((found.info.state == VolumeState::clean));
      check_against_btrfs_progs(dir / "volume", found);
      check_restored_btrfs_tree(dir / "volume", found.used, dir);
    }
  }
}

// Where data lies it keeps what we keep, and a few blocks that the extent tree calls free. In the
// groups of metadata it keeps many of those, and leaves out some that are used: second copies, and
// roots of subvolumes. It leaves out most of the first MiB, too.
BOOST_AUTO_TEST_CASE(agrees_with_partclone_about_data) {
  if (const auto why = missing_btrfs()) return skip(*why);
  if (const auto why = missing_program("partclone.btrfs")) return skip(*why);
  for (const BtrfsRecipe& recipe : possible_recipes()) {
    if (recipe.name == "mixed groups") continue;      // data and metadata lie side by side
    if (recipe.name == "everything twice") continue;  // it takes other places for second copies
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      make_btrfs(recipe, dir / "volume", dir);
      const Volume found = survey_volume(dir / "volume");
      const ExtentMap theirs = partclone_map("btrfs", dir / "volume", dir / "domain");
      std::uint64_t surplus = 0;
      for (const BtrfsPlaces& chunk : btrfs_places(dump_btrfs_tree(dir / "volume", "chunk"))) {
        if (!chunk.data) continue;
        for (const std::uint64_t place : chunk.places) {
          const Extent area{place, chunk.logical.length};
          const ExtentMap ours = found.used.clipped(area);
          BOOST_TEST(ours.subtracted(theirs).empty(), difference(ours, theirs.clipped(area)));
          surplus += theirs.clipped(area).subtracted(ours).bytes();
        }
      }
      BOOST_TEST(surplus * 50 < found.used.bytes());
    }
  }
}

// In 2026 partclone left out the chunk tree's root of such volumes and reported success.
BOOST_AUTO_TEST_CASE(a_block_group_tree_loses_no_chunk_root) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  // Made by mkfs.btrfs 6.14 -O block-group-tree, 120 MiB.
  const std::string volume = dir / "volume";
  must_run({.argv = {"zstd", "-q", "-d", "--sparse", "tests/golden/btrfs-block-group-tree.zst",
                     "-o", volume}});
  {
    const BtrfsMount mounted(volume, dir / "mounted", "rw");
    wear(dir / "mounted", 1, 20 * kMiB);
  }
  const Volume found = survey_volume(volume);
  check_against_btrfs_progs(volume, found);
  const std::string super = must_run({.argv = {"btrfs", "inspect-internal", "dump-super", volume}});
  const std::uint64_t root = *number_after(super, "chunk_root\t");
  unsigned places = 0;
  for (const BtrfsPlaces& chunk : btrfs_places(dump_btrfs_tree(volume, "chunk")))
    if (intersection(chunk.logical, {root, 1}).length != 0)
      for (const std::uint64_t place : chunk.places) {
        BOOST_TEST(found.used.contains({place + root - chunk.logical.offset, 16384}));
        ++places;
      }
  BOOST_TEST(places > 0u);
  check_restored_btrfs_tree(volume, found.used, dir);
}

// What was synced since the last commit is in the log alone, and the data of it in blocks that the
// extent tree calls free.
BOOST_AUTO_TEST_CASE(what_only_the_log_has_is_kept) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume", cut = dir / "cut";
  format_volume(volume, 200 * kMiB, {"mkfs.btrfs", "-q", "-f"}, {});
  {
    const BtrfsMount mounted(volume, dir / "mounted", "rw,commit=300");
    make_tree(dir / "mounted", 1, 40);
    must_run({.argv = {"sync", "-f", dir / "mounted"}});
    for (const char* file : {"one", "two"}) {
      write_file(dir / "mounted" / file, noise(7, 300'000));
      must_run({.argv = {"sync", dir / "mounted" / file}});
    }
    copy_sparse(volume, cut);
  }
  const Volume found = survey_volume(cut);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST((found.info.state == VolumeState::dirty));
  const ExtentMap committed = btrfs_progs_map(cut);
  BOOST_TEST(committed.subtracted(found.used).empty());
  BOOST_TEST(found.used.subtracted(committed).bytes() >= 600'000u);
  restore_onto_noise(cut, found.used, dir / "copy");
  stdfs::remove(volume);
  const FileTree replayed = btrfs_tree(cut, dir);
  BOOST_TEST(replayed.contains("one"));
  BOOST_TEST(replayed.contains("two"));
  BOOST_TEST(difference(btrfs_tree(dir / "copy", dir), replayed) == "same");
  const Outcome check =
      run({.argv = {"btrfs", "check", "--readonly", "--check-data-csum", dir / "copy"}});
  BOOST_TEST(check.ok(), check.out + check.describe());
}

BOOST_AUTO_TEST_CASE(maps_what_balancing_has_moved) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  make_btrfs({"default"}, dir / "volume", dir);
  {
    const BtrfsMount mounted(dir / "volume", dir / "mounted", "rw");
    for (const char* kind : {"-d", "-m"})
      must_run({.argv = {"btrfs", "balance", "start", "-f", kind, dir / "mounted"}});
    must_run({.argv = {"btrfs", "balance", "start", "-f", "-mconvert=single", dir / "mounted"}});
    must_run({.argv = {"btrfs", "filesystem", "resize", "-20M", dir / "mounted"}});
  }
  const Volume found = survey_volume(dir / "volume");
  check_against_btrfs_progs(dir / "volume", found);
  check_restored_btrfs_tree(dir / "volume", found.used, dir);
}

BOOST_AUTO_TEST_CASE(every_unreadable_sector_gives_the_same_map_or_a_reason) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  make_small_volume(dir / "volume", dir, {"-m", "single"});
  // Only the first sector of each tree block, and all of the superblock.
  const auto chosen = [](std::uint64_t at) { return at % 4096 == 0 || at / 4096 == 16; };
  BOOST_TEST(survey_unreadable(in_memory(dir / "volume"), surveyed_map, chosen) > 20u);
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_frees_anything) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  make_small_volume(dir / "volume", dir, {"-m", "single"});
  const std::string extents = dump_btrfs_tree(dir / "volume", "extent");
  const auto chunks = btrfs_places(dump_btrfs_tree(dir / "volume", "chunk"));
  std::vector<Extent> where{{0x1'0000, 4096}};
  for (const Extent& key : btrfs_keys(extents, "METADATA_ITEM"))
    for (const BtrfsPlaces& chunk : chunks)
      if (intersection({key.offset, 1}, chunk.logical).length != 0)
        where.push_back({chunk.places[0] + key.offset - chunk.logical.offset, 512});
  survey_flipped(dir / "volume", surveyed_map, ExtentMap::from(where), 61);
}

BOOST_AUTO_TEST_CASE(refusals_say_why) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const auto fresh = [&](const std::vector<std::string>& options = {}) {
    stdfs::remove(volume);
    format_volume(volume, 200 * kMiB, {"mkfs.btrfs", "-q", "-f"}, options);
  };
  const auto reason = [&] { return survey_volume(volume).whole_reason; };

  make_sparse(dir / "second", 200 * kMiB);
  fresh({"-d", "single", "-m", "raid1", dir / "second"});
  BOOST_TEST(reason().contains("it is one of 2 devices"), reason());

  fresh();
  must_run({.argv = {"btrfstune", "-S", "1", volume}});
  BOOST_TEST(reason().contains("seed of other volumes"), reason());

  fresh();
  const std::string super = read_range(volume, 0x1'0000, 4096);
  const auto with = [&](std::size_t at, std::uint64_t value, std::size_t bytes) {
    write_range(volume, 0x1'0000, super);
    set_super(volume, at, value, bytes);
    return reason();
  };
  BOOST_TEST(with(0xBC, 0x1361, 8).contains("zoned"));
  BOOST_TEST(with(0xBC, 0x2361, 8).contains("extent-tree-v2"));
  BOOST_TEST(with(0xBC, 0x100000361, 8).contains("0x100000000"));
  BOOST_TEST(with(0xB4, 0x103, 8)
                 .contains("read-only compatible features that Drydock does not know (0x100)"));
  BOOST_TEST(with(0x38, 5, 8).contains("needs a check"));
  BOOST_TEST(with(0xC4, 4, 2).contains("unknown type (4)"));
  BOOST_TEST(with(0x78, 4096, 8).contains("superblock counts 4096 bytes in use"));
  BOOST_TEST(with(0x48, 1, 8).contains("generation"));
  write_range(volume, 0x1'0000, super);
  BOOST_TEST(reason() == "");
  stdfs::resize_file(volume, 199 * kMiB);
  BOOST_TEST(reason().contains("more than the volume"), reason());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
