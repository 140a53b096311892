// NILFS2 against nilfs-tools and the kernel.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "fs/nilfs.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
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
  std::vector<std::string> options = {};
  std::uint64_t segment = 8 * kMiB;
  std::uint64_t size = 160 * kMiB + 3 * 512;  // something lies behind the last segment
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"default"},
      {"1K blocks, short segments", {"-b", "1024", "-B", "512"}, kMiB / 2, 40 * kMiB + 512},
      {"2K blocks, blocks counted",
       {"-b", "2048", "-B", "512", "-O", "block_count"},
       kMiB,
       60 * kMiB},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkfs.nilfs2", "lssu"});
}

void make_volume(const Recipe& recipe, const stdfs::path& volume) {
  format_volume(volume, recipe.size, {"mkfs.nilfs2", "-q", "-f", "-L", "drydock"}, recipe.options);
}

// lssu with all that it needs, as the live system has neither it nor its libraries.
void pack_lssu(const stdfs::path& archive, const TempDir& dir) {
  const stdfs::path tools = dir / "tools";
  stdfs::create_directories(tools);
  const std::string lssu = must_run({.argv = {"which", "lssu"}});
  std::vector<std::string> files{std::string(trimmed(lssu.substr(0, lssu.find('\n'))))};
  const std::string needed = must_run({.argv = {"ldd", files[0]}});
  for (const std::string_view line : split(needed, '\n'))
    for (const std::string_view word : words_of(line))
      if (const auto at = word.find('/'); at != word.npos) files.emplace_back(word.substr(at));
  for (const std::string& file : files)
    stdfs::copy_file(stdfs::canonical(file), tools / stdfs::path(file).filename(),
                     stdfs::copy_options::overwrite_existing);
  must_run({.argv = {"tar", "-cf", archive, "-C", dir.path(), "tools"}});
}

// "SEGNUM DATE TIME STAT NBLOCKS" of every segment that is not clean, by `lssu -a`.
struct Segments {
  std::vector<std::uint64_t> used;
  std::uint64_t all = 0;
  std::string text;
};

Segments list_segments(GuestKernel& guest, std::size_t i) {
  Segments found;
  found.text =
      guest.run(std::format("mkdir -p /mnt/su; mount -t nilfs2 -o ro,norecovery {0} /mnt/su; "
                            "/tools/ld-linux-x86-64.so.2 --library-path /tools /tools/lssu -a {0}; "
                            "umount /mnt/su",
                            GuestKernel::device(i)));
  for (const std::string_view line : split(found.text, '\n')) {
    const auto words = words_of(line);
    if (words.size() < 4 || words[0].find_first_not_of("0123456789") != words[0].npos) continue;
    ++found.all;
    const std::string_view state =
        words[words.size() - 2].contains('-') ? words[words.size() - 2] : words[words.size() - 3];
    if (state != "---") found.used.push_back(leading_number(words[0]));
  }
  return found;
}

// Checkpoints that the superblock does not know yet, and behind them data made safe without one.
void check_power_cut(GuestKernel& guest, const std::vector<stdfs::path>& volumes,
                     std::size_t first) {
  guest.run(std::format(
      "blockdev --setrw {0} && mkdir -p /mnt/cut && mount -t nilfs2 {0} /mnt/cut && cd /mnt/cut && "
      "mkdir a && for i in $(seq 20); do head -c $((i * 2977)) /dev/urandom >a/f$i; sync; done; "
      "rm a/f1; sync; for i in $(seq 30); do "
      "dd if=/dev/urandom of=a/f7 bs=8k seek=$i count=1 conv=notrunc,fsync 2>/dev/null; done",
      GuestKernel::device(first)));
  copy_sparse(volumes[first], volumes[first + 1]);
  const Volume found = survey_volume(volumes[first + 1]);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST((found.info.state == VolumeState::dirty));
  BOOST_TEST(found.used.bytes() < stdfs::file_size(volumes[first]));
  restore_onto_noise(volumes[first + 1], found.used, volumes[first + 2]);
  const FileTree whole = guest.tree(first + 1, "nilfs2");
  BOOST_TEST(whole.size() >= 20u);
  BOOST_TEST(difference(guest.tree(first + 2, "nilfs2"), whole) == "same");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_nilfs)

BOOST_AUTO_TEST_CASE(maps_an_empty_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      make_volume(recipe, dir / "volume");
      const Volume found = survey_volume(dir / "volume");
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.label == "drydock");
      BOOST_TEST((found.info.state == VolumeState::clean));
      BOOST_TEST_MESSAGE(found.used.bytes() << " of " << recipe.size);
      BOOST_TEST(found.used.bytes() < recipe.size / 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_volume({"small", {"-b", "1024", "-B", "256"}, kMiB / 4, 6 * kMiB}, volume);
  const auto chosen = [](std::uint64_t at) { return at < 64 * 1024 || at > 5 * kMiB; };
  BOOST_TEST(survey_unreadable(in_memory(volume), fs::used_nilfs, chosen) > 10u);
  const std::uint64_t second = (6 * kMiB / 4096 - 1) * 4096;
  survey_flipped(volume, fs::used_nilfs,
                 ExtentMap::from({{1024, 280}, {second, 280}, {4096, 16 * 1024}}), 13);
}

BOOST_AUTO_TEST_CASE(maps_what_the_kernel_has_worn_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  const std::size_t count = recipes().size();
  std::vector<stdfs::path> volumes;
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("volume {}", i));
    make_volume(recipes()[i], volumes.back());
  }
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), recipes()[i].size);
  }
  const std::size_t cut = volumes.size();
  for (const char* name : {"cut", "cut, whole", "cut, used"}) {
    volumes.push_back(dir / name);
    make_volume(recipes()[1], volumes.back());
  }
  volumes.push_back(dir / "tools.tar");
  pack_lssu(volumes.back(), dir);
  GuestKernel guest("fs-nilfs", volumes);
  guest.run("modprobe nilfs2; tar -xf " + GuestKernel::device(volumes.size() - 1) + " -C /");
  check_power_cut(guest, volumes, cut);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.fill(i, "nilfs2", "-", static_cast<unsigned>(i) + 1, 8 * kMiB);
      const Volume found = survey_volume(volumes[i]);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST((found.info.state == VolumeState::clean));
      const Segments told = list_segments(guest, i);
      BOOST_TEST(told.all > 10u, told.text);
      ExtentMap theirs;
      for (const std::uint64_t segment : told.used)
        theirs.add({segment * recipes()[i].segment, recipes()[i].segment});
      const ExtentMap inside = found.used.clipped({0, told.all * recipes()[i].segment});
      BOOST_TEST(theirs.subtracted(inside).empty(), difference(inside, theirs));
      // The boot block and the superblock, where the first segment is not in use.
      BOOST_TEST(inside.subtracted(theirs).bytes() <= 8192u, difference(inside, theirs));
      BOOST_TEST_MESSAGE("lssu " << theirs.bytes() << ", mapped " << inside.bytes());
      restore_onto_noise(volumes[i], found.used, volumes[count + i]);
      const FileTree before = guest.tree(i, "nilfs2");
      BOOST_TEST(difference(guest.tree(count + i, "nilfs2"), before) == "same");
      BOOST_TEST(list_segments(guest, count + i).used == told.used);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
