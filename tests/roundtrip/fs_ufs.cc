// UFS1 and UFS2 against makefs, the Sleuth Kit and the kernel.
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <format>

#include "base/text.h"
#include "fs/ufs.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "support/ufs_worker.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Recipe {
  std::string name;
  std::string options;
  std::uint64_t size;
  bool big_endian = false;
  bool readable = true;  // by programs that look for a UFS2 in one place only
};

// The inode table of a UFS2 must reach beyond 64 KiB for its superblock to be put there.
const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"UFS1, 8K/1K", "version=1", 12 * kMiB},
      {"UFS1, 8K/1K, big-endian", "version=1", 12 * kMiB, true},
      {"UFS1, 4K/512", "version=1,bsize=4096,fsize=512", 10 * kMiB},
      {"UFS1, 16K/2K, several groups", "version=1,bsize=16384,fsize=2048,maxbpcg=300", 16 * kMiB},
      {"UFS1, 64K/8K", "version=1,bsize=65536,fsize=8192", 16 * kMiB},
      {"UFS1, 8K/8K", "version=1,bsize=8192,fsize=8192", 12 * kMiB},
      {"UFS2, 8K/1K", "version=2,bsize=8192,fsize=1024,density=4096", 12 * kMiB},
      {"UFS2, 8K/1K, big-endian", "version=2,bsize=8192,fsize=1024,density=4096", 12 * kMiB, true},
      {"UFS2, 4K/512, several groups", "version=2,bsize=4096,fsize=512,density=2048", 12 * kMiB},
      {"UFS2, 16K/2K", "version=2,bsize=16384,fsize=2048,density=4096", 12 * kMiB, false, false},
      {"UFS2, 32K/4K", "version=2,bsize=32768,fsize=4096", 16 * kMiB, false, false},
      {"UFS2, 32K/4K, big-endian", "version=2,bsize=32768,fsize=4096", 16 * kMiB, true, false},
      {"UFS2, 64K/8K", "version=2,bsize=65536,fsize=8192", 16 * kMiB},
      {"UFS2, 64K/64K", "version=2,bsize=65536,fsize=65536", 16 * kMiB, true},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"makefs", "blkls", "tsk_recover"});
}

// Files deleted, their holes left; something that is not UFS behind the end.
stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  make_tree(dir / "tree", 1, 50);  // leaves inodes below 64 KiB unwritten
  write_file(dir / "tree/large", noise(9, 2 * kMiB + 600'000));
  make_sparse(dir / "tree/holes", 4 * kMiB);
  write_range(dir / "tree/holes", 2 * kMiB, "island");
  stdfs::create_symlink("short", dir / "tree/link");
  stdfs::create_symlink(std::string(300, 'l'), dir / "tree/long link");
  must_run({.argv = {"makefs", "-t", "ffs", "-B", recipe.big_endian ? "be" : "le", "-s",
                     std::to_string(recipe.size), "-o", recipe.options, volume, dir / "tree"}});
  UfsWorker worker(volume);
  BOOST_TEST(worker.delete_files("gone") > 5u);
  if (recipe.readable && recipe.options.contains("version=2")) worker.move_superblock();
  stdfs::resize_file(volume, recipe.size + 7 * 512);
  write_range(volume, recipe.size, "behind");
  return volume;
}

// What the Sleuth Kit lists as allocated.
ExtentMap blkls_used(const stdfs::path& volume, std::uint64_t fragment) {
  ExtentMap used;
  const std::string listed = must_run({.argv = {"blkls", "-l", "-e", volume}});
  for (const std::string_view line : split(listed, '\n'))
    if (line.ends_with("|a"))
      used.add({parse_ranges(line.substr(0, line.size() - 2)).at(0).offset * fragment, fragment});
  return used;
}

// Of one MiB, with a few files.
void make_small(const stdfs::path& volume, const std::string& version, const TempDir& dir) {
  if (!stdfs::exists(dir / "tree")) make_tree(dir / "tree", 2, 8);
  must_run({.argv = {"makefs", "-t", "ffs", "-B", "le", "-s", "1m", "-o", version, volume,
                     dir / "tree"}});
}

FileTree recovered(const stdfs::path& volume, const stdfs::path& into) {
  must_run({.argv = {"tsk_recover", "-a", volume, into}});
  FileTree tree = file_tree(into);
  for (auto& [path, text] : tree) {  // the times are those of the recovery
    const std::size_t time = text.find("mtime=");
    text.erase(time, text.find(' ', time) - time);
  }
  return tree;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ufs)

BOOST_AUTO_TEST_CASE(maps_exactly_what_the_sleuth_kit_calls_allocated_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == recipe.name.substr(0, 4));
      BOOST_TEST((found.info.state == VolumeState::clean));
      BOOST_TEST(found.info.total == recipe.size);
      BOOST_TEST(found.used.contains({recipe.size, 7 * 512}));
      BOOST_TEST(found.used.clipped({0, recipe.size}).bytes() == found.info.used);
      restore_onto_noise(volume, found.used, dir / "copy");
      const Volume again = survey_volume(dir / "copy");
      BOOST_TEST(again.whole_reason == "");
      BOOST_TEST((again.used == found.used));
      if (!recipe.readable) continue;
      const ExtentMap oracle = blkls_used(volume, found.info.cluster);
      const ExtentMap inside = found.used.clipped({0, recipe.size});
      BOOST_TEST((inside == oracle), difference(inside, oracle));
      BOOST_TEST_MESSAGE(recipe.name << ": " << inside.bytes() << " of " << oracle.bytes());
      BOOST_TEST(difference(recovered(dir / "copy", dir / "b"), recovered(volume, dir / "a")) ==
                 "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_kernel_reads_the_same_files_from_what_was_restored) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  std::vector<TempDir> folders(recipes().size());
  std::vector<stdfs::path> volumes;
  std::vector<const Recipe*> used;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    // Linux knows no UFS2 with its superblock at 8 KiB, and no fragments above 4 KiB.
    if (!recipes()[i].readable) continue;
    const stdfs::path volume = make_volume(recipes()[i], folders[i]);
    const Volume found = survey_volume(volume);
    if (found.info.cluster > 4096) continue;
    restore_onto_noise(volume, found.used, folders[i] / "copy");
    volumes.insert(volumes.end(), {volume, folders[i] / "copy"});
    used.push_back(&recipes()[i]);
  }
  GuestKernel guest("fs-ufs", volumes);
  if (guest.run("modprobe ufs && echo there || echo missing").contains("missing"))
    return skip("the kernel on the ISO has no UFS driver");
  for (std::size_t i = 0; i < used.size(); ++i) {
    BOOST_TEST_CONTEXT(used[i]->name) {
      const char* type = used[i]->options.contains("version=2") ? "ufstype=ufs2" : "ufstype=44bsd";
      const FileTree before = guest.tree(2 * i, "ufs", type);
      BOOST_TEST(before.size() > 50u);
      BOOST_TEST(difference(guest.tree(2 * i + 1, "ufs", type), before) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(every_unreadable_sector_gives_the_same_map_or_a_reason) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  for (const char* version : {"version=1", "version=2"}) {
    const stdfs::path volume = dir / version;
    make_small(volume, version, dir);
    survey_unreadable(volume, fs::used_ufs);
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_metadata_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  for (const char* version : {"version=1", "version=2"}) {
    const stdfs::path volume = dir / version;
    make_small(volume, version, dir);
    survey_flipped(volume, fs::used_ufs, UfsWorker(volume).metadata(), 31);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_or_not_in_order_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  struct Change {
    std::uint64_t at;  // in the superblock
    std::uint32_t value;
    const char* reason;
  };
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_small(volume, "version=2", dir);
  const std::string good = read_file(volume);
  for (const Change& change : std::initializer_list<Change>{
           {1312, 0x800, "flags that Drydock does not know (0x800)"},
           {1312, 0x1, "not unmounted cleanly"},
           {1312, 0x4, "marked to be checked"},
           {1312, 0x40, "gjournal"},
           {1116, 5, "snapshots"},
           {1104, 2, "still being freed"},
           {1112, 2, "still being freed"},
           {1216, 7, "soft-updates journal"},
           {1016, 1, "superblock counts 1 free blocks"},
           {1024, 1, "1 free inodes"},
           {48, 131072, "blocks of 131072 bytes"},
           {1080, 99999, "more than the volume"},
           {188, 8, "contradict each other"},
           {1096, 3, "cylinder group 0 counts"},
       }) {
    BOOST_TEST_CONTEXT(change.reason) {
      std::string bytes = good;
      std::memcpy(bytes.data() + 8192 + change.at, &change.value, 4);
      write_file(volume, bytes);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason.contains(change.reason), found.whole_reason);
      BOOST_TEST(found.info.filesystem == "UFS2");
    }
  }
  // Soft updates with a journal, ACLs, labels and what else leaves the maps as they are.
  std::string bytes = good;
  bytes[8192 + 1312] = static_cast<char>(0xBA);
  bytes[8192 + 1313] = 5;
  write_file(volume, bytes);
  BOOST_TEST(survey_volume(volume).whole_reason == "");
}

// As FreeBSD does it from 13 on, but for the flag that makefs does not set.
BOOST_AUTO_TEST_CASE(check_hashes_are_looked_at) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_small(volume, "version=2", dir);
  UfsWorker(volume).add_check_hashes();
  BOOST_TEST(survey_volume(volume).whole_reason == "");
  std::string bytes = read_file(volume);
  bytes[8192 + 1305] ^= 1;
  write_file(volume, bytes);
  BOOST_TEST(survey_volume(volume).whole_reason == "its superblock is damaged (check hash)");
  UfsWorker(volume).add_check_hashes();
  survey_flipped(volume, fs::used_ufs, UfsWorker(volume).metadata(), 29);
}

BOOST_AUTO_TEST_CASE(an_unclean_volume_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume(recipes()[0], dir);
  write_range(volume, 8192 + 209, std::string(1, '\0'));
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("not unmounted cleanly"), found.whole_reason);
  BOOST_TEST((found.info.state == VolumeState::dirty));
  BOOST_TEST((found.used == ExtentMap::whole(stdfs::file_size(volume))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
