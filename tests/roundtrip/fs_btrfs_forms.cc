// Btrfs volumes that were not simply made and filled: converted, changed, stopped half way.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "support/btrfs_volume.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/worn_volume.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = 1 << 30;

// Files whose contents fill many leaves of their subvolume's tree.
void write_many(const stdfs::path& folder, unsigned files) {
  const std::string contents(1500, 'x');
  for (unsigned i = 0; i < files; ++i) write_file(folder / std::to_string(i), contents);
}

// A subvolume's root says how far its deletion has come.
bool is_deleting(const stdfs::path& volume) {
  const std::string dump = dump_btrfs_tree(volume, "root");
  for (std::size_t at = dump.find("drop_progress key ("); at != std::string::npos;
       at = dump.find("drop_progress key (", at + 1))
    if (!dump.substr(at).starts_with("drop_progress key (0 ")) return true;
  return false;
}

// All is written, and nothing changes any more until the end of the scope.
class Frozen {
 public:
  explicit Frozen(stdfs::path mounted) : mounted_(std::move(mounted)) {
    must_run({.argv = {"fsfreeze", "-f", mounted_}});
  }
  ~Frozen() { run({.argv = {"fsfreeze", "-u", mounted_}}); }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  stdfs::path mounted_;
};

// Copies the volume as it is at one moment, when a deletion has begun and not ended; false when it
// is never seen so.
bool copy_while_deleting(const stdfs::path& mounted, const stdfs::path& volume,
                         const stdfs::path& copy) {
  for (int i = 0; i < 60; ++i) {
    {
      const Frozen frozen(mounted);
      stdfs::remove(copy);
      copy_sparse(volume, copy);
      if (is_deleting(copy)) return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_btrfs_forms)

BOOST_AUTO_TEST_CASE(maps_what_became_btrfs_or_changed_its_form) {
  if (const auto why = missing_btrfs()) return skip(*why);
  if (const auto why = missing_programs({"mkfs.ext4", "btrfs-convert", "btrfstune"}))
    return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const auto check = [&] {
    const Volume found = survey_volume(volume);
    check_against_btrfs_progs(volume, found);
    check_restored_btrfs_tree(volume, found.used, dir);
    stdfs::remove(volume);
  };

  BOOST_TEST_CONTEXT("converted from ext4") {
    make_tree(dir / "tree", 6, 60);
    format_volume(volume, 300 * kMiB, {"mkfs.ext4", "-q", "-b", "4096", "-d", dir / "tree"}, {});
    must_run({.argv = {"btrfs-convert", volume}});
    check();
  }
  BOOST_TEST_CONTEXT("given another UUID") {
    make_btrfs({"default"}, volume, dir);
    must_run({.argv = {"btrfstune", "-m", volume}});
    check();
  }
  BOOST_TEST_CONTEXT("of several profiles") {
    make_btrfs({"default"}, volume, dir);
    {
      const BtrfsMount mounted(volume, dir / "mounted", "rw");
      must_run({.argv = {"btrfs", "balance", "start", "-dconvert=dup", dir / "mounted"}});
      // Only one of the groups goes back: both kinds are there then.
      write_file(dir / "mounted" / "more", noise(11, 80 * kMiB));
      must_run(
          {.argv = {"btrfs", "balance", "start", "-dconvert=single,limit=1", dir / "mounted"}});
    }
    const std::string groups = dump_btrfs_tree(volume, "chunk");
    BOOST_TEST(groups.contains("type DATA|DUP"));
    BOOST_TEST(groups.contains("type DATA|single"));
    check();
  }
  BOOST_TEST_CONTEXT("striped over its one device") {
    make_btrfs({"default"}, volume, dir);
    {
      const BtrfsMount mounted(volume, dir / "mounted", "rw");
      must_run({.argv = {"btrfs", "balance", "start", "-f", "-dconvert=raid0", "-mconvert=raid0",
                         dir / "mounted"}});
    }
    check();
  }
}

BOOST_AUTO_TEST_CASE(keeps_all_three_superblocks) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  format_volume(volume, 257 * kGiB, {"mkfs.btrfs", "-q", "-f"}, {});
  {
    const BtrfsMount mounted(volume, dir / "mounted", "rw");
    make_tree(dir / "mounted", 3, 60);
  }
  const Volume found = survey_volume(volume);
  check_against_btrfs_progs(volume, found);
  for (const std::uint64_t at : {kMiB / 16, 64 * kMiB, 256 * kGiB}) {
    BOOST_TEST(found.used.contains({at, 4096}));
    BOOST_TEST(read_range(volume, at + 64, 8) == "_BHRfS_M");
  }
}

BOOST_AUTO_TEST_CASE(maps_sectors_of_64_kib) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_tree(dir / "tree", 8, 60);
  format_volume(volume, 300 * kMiB,
                {"mkfs.btrfs", "-q", "-f", "-s", "65536", "-n", "65536", "-r", dir / "tree"}, {});
  const Volume found = survey_volume(volume);
  check_against_btrfs_progs(volume, found);
  check_restored_btrfs(volume, found.used, dir / "copy");
}

BOOST_AUTO_TEST_CASE(maps_simple_quotas) {
  if (const auto why = missing_btrfs()) return skip(*why);
  if (!run({.argv = {"btrfs", "quota", "enable", "--help"}}).out.contains("--simple"))
    return skip("btrfs-progs here has no simple quotas (they came with 6.7)");
  const TempDir dir;
  format_volume(dir / "volume", 300 * kMiB, {"mkfs.btrfs", "-q", "-f"}, {});
  {
    const BtrfsMount mounted(dir / "volume", dir / "mounted", "rw");
    const Outcome enabled =
        run({.argv = {"btrfs", "quota", "enable", "--simple", dir / "mounted"}});
    if (!enabled.ok()) return skip("this kernel has no simple quotas: " + enabled.describe());
    wear(dir / "mounted", 1, 40 * kMiB);
    wear_as_btrfs(dir / "mounted", mounted);
  }
  const Volume found = survey_volume(dir / "volume");
  check_against_btrfs_progs(dir / "volume", found);
  check_restored_btrfs_tree(dir / "volume", found.used, dir);
}

// What a machine leaves that loses its power then.
BOOST_AUTO_TEST_CASE(maps_a_deletion_that_stopped_half_way) {
  if (const auto why = missing_btrfs()) return skip(*why);
  if (const auto why = missing_program("fsfreeze")) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume", cut = dir / "cut";
  format_volume(volume, 400 * kMiB, {"mkfs.btrfs", "-q", "-f", "-n", "4096"}, {});
  {
    const BtrfsMount mount(volume, dir / "mounted", "rw,commit=1");
    const stdfs::path doomed = dir / "mounted" / "doomed";
    mount.subvolume({"create", doomed});
    write_many(doomed, 20'000);
    make_tree(dir / "mounted", 3, 40);
    must_run({.argv = {"sync", "-f", dir / "mounted"}});
    mount.subvolume({"delete", doomed});
    if (!copy_while_deleting(dir / "mounted", volume, cut))
      return skip("the deletion was never seen half way");
  }
  const Volume found = survey_volume(cut);
  check_against_btrfs_progs(cut, found);
  check_restored_btrfs_tree(cut, found.used, dir);
}

// The tree of tree roots has an item for it until it ends.
BOOST_AUTO_TEST_CASE(maps_a_balance_that_is_paused) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  format_volume(volume, 400 * kMiB, {"mkfs.btrfs", "-q", "-f", "-n", "4096"}, {});
  {
    const BtrfsMount mount(volume, dir / "mounted", "rw");
    wear(dir / "mounted", 1, 60 * kMiB);
    wear_as_btrfs(dir / "mounted", mount);
    Process balance({.argv = {"btrfs", "balance", "start", "--full-balance", dir / "mounted"}});
    bool paused = false;
    while (!paused && balance.running())
      paused = run({.argv = {"btrfs", "balance", "pause", dir / "mounted"}}).ok();
    balance.wait(std::chrono::minutes(1));
    if (!paused) return skip("the balance ended before it could be paused");
  }
  BOOST_TEST(dump_btrfs_tree(volume, "root").contains("(BALANCE TEMPORARY_ITEM"));
  const Volume found = survey_volume(volume);
  check_against_btrfs_progs(volume, found);
  check_restored_btrfs_tree(volume, found.used, dir);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
