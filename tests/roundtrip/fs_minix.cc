// Minix 1, 2 and 3 against util-linux, partclone and the kernel.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/minix.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
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
      {"v1, names of 14", 12 * kMiB + 700, {"-1", "-n", "14"}},
      {"v1, names of 30", 24 * kMiB, {"-1", "-n", "30"}},
      {"v2, names of 14", 20 * kMiB, {"-2", "-n", "14", "-i", "600"}},
      {"v2, names of 30", 40 * kMiB + 512, {"-2", "-n", "30"}},
      {"v3", 40 * kMiB + 1536, {"-3"}},
      {"v3, few inodes", 30 * kMiB, {"-3", "-i", "300"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkfs.minix", "fsck.minix"});
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  format_volume(volume, recipe.size, {"mkfs.minix"}, recipe.options);
  return volume;
}

// What fsck.minix counts, of "N zones used".
std::uint64_t zones_used(const stdfs::path& volume) {
  const std::string said = must_run({.argv = {"fsck.minix", "-f", "-v", volume}});
  std::size_t end = said.find(" zones used");
  BOOST_TEST_REQUIRE(end != std::string::npos, said);
  const std::size_t start = said.rfind('\n', end) + 1;
  return parse_ranges(said.substr(start, end - start)).at(0).offset;
}

// What the smallest names of a version allow: files of many sizes, every third deleted again and
// the holes filled, some long enough for two levels of zone lists.
std::string fill_script(const std::string& device, unsigned kib) {
  return std::format(
      "blockdev --setrw {0} && mkdir -p /mnt/m && mount -t minix {0} /mnt/m && cd /mnt/m && "
      "mkdir a b a/c && for i in $(seq 30); do for d in a b a/c; do "
      "head -c $((i * 977)) /dev/urandom >$d/f$i; done; done && "
      "for i in $(seq 1 3 30); do rm a/f$i b/f$i a/c/f$i; done && sync && "
      "head -c {1}k /dev/urandom >large && ln -s large link && ln a/f2 b/second && mkfifo pipe && "
      "for i in $(seq 20); do head -c 900 /dev/urandom >>b/f2; head -c 900 /dev/urandom >>b/f3; "
      "sync; done; rm a/f3; cd / && umount /mnt/m",
      device, kib);
}

void check_against_tools(const stdfs::path& volume, const stdfs::path& scratch) {
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "Minix");
  const std::uint64_t end = found.info.total;
  const ExtentMap inside = found.used.clipped({0, end});
  BOOST_TEST(inside.bytes() == found.info.used);
  BOOST_TEST(found.used.contains({end, stdfs::file_size(volume) - end}));

  BOOST_TEST(found.info.used == zones_used(volume) * 1024);
  BOOST_TEST_MESSAGE("fsck.minix: " << zones_used(volume) << " zones, mapped "
                                    << inside.bytes() / 1024);
  if (missing_program("partclone.minix")) return;
  ExtentMap theirs;
  try {
    theirs = partclone_map("minix", volume, scratch / "domain");
  } catch (const std::runtime_error&) {
    // partclone 0.3.23 does not know version 3: it takes its superblock for an older one.
    BOOST_TEST((found.info.state == VolumeState::unknown));
    BOOST_TEST_MESSAGE("partclone.minix gives up");
    return;
  }
  BOOST_TEST((inside == theirs), difference(inside, theirs));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_minix)

BOOST_AUTO_TEST_CASE(maps_an_empty_volume_as_its_tools_do) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      check_against_tools(make_volume(recipe, dir), dir.path());
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_what_the_kernel_has_worn_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  std::vector<TempDir> folders(recipes().size());
  std::vector<stdfs::path> volumes;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    volumes.push_back(make_volume(recipes()[i], folders[i]));
    make_sparse(folders[i] / "copy", recipes()[i].size);
  }
  for (const TempDir& folder : folders) volumes.push_back(folder / "copy");
  GuestKernel guest("fs-minix", volumes);
  if (guest.run("modprobe minix && echo there || echo missing").contains("missing"))
    return skip("the kernel on the ISO has no Minix driver");
  for (std::size_t i = 0; i < folders.size(); ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.run(fill_script(GuestKernel::device(i), 2500));
      const FileTree before = guest.tree(i, "minix");
      BOOST_TEST(before.size() > 5u);
      check_against_tools(volumes[i], folders[i].path());
      restore_onto_noise(volumes[i], survey_volume(volumes[i]).used, folders[i] / "copy");
      must_run({.argv = {"fsck.minix", "-f", folders[i] / "copy"}});
      BOOST_TEST(difference(guest.tree(folders.size() + i, "minix"), before) == "same");
    }
  }
  // Damage, while there are volumes with files of every kind.
  const auto whole = [&](std::size_t i, std::uint64_t at, const std::string& bytes) {
    const std::string before = read_range(volumes[i], at, bytes.size());
    write_range(volumes[i], at, bytes);
    const Volume found = survey_volume(volumes[i]);
    write_range(volumes[i], at, before);
    return found.whole_reason;
  };
  using namespace std::string_literals;
  BOOST_TEST(whole(0, 1024 + 18, "\0\0"s).contains("not unmounted cleanly"));
  BOOST_TEST(whole(2, 1024 + 18, "\3\0"s).contains("recorded errors"));
  BOOST_TEST(whole(4, 1024 + 12, "\1\0"s).contains("2^1 blocks"));
  BOOST_TEST(whole(4, 1024 + 15, "\1"s).contains("flags that Drydock does not know"));
  BOOST_TEST(whole(4, 1024 + 20, "\xff\xff\xff"s).contains("more than the volume"));
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const char* version : {"-1", "-2", "-3"}) {
    const TempDir dir;
    const stdfs::path volume = make_volume({"small", kMiB, {version, "-i", "64"}}, dir);
    survey_unreadable(volume, fs::used_minix);
    survey_flipped(volume, fs::used_minix, ExtentMap::from({{1024, 32}, {2048, 12288}}), 7);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
