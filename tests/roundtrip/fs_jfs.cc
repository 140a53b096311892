// JFS against jfsutils and the kernel of the ISO.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/jfs.h"
#include "fs/jfs_inodes.h"
#include "io/file_source.h"
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

constexpr std::uint64_t kKiB = 1 << 10;
constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kBlock = 4096;

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"smallest", 16 * kMiB, {}},
      {"odd size", 90 * kMiB + 3 * kSector, {}},
      {"OS/2", 60 * kMiB, {"-O"}},
      {"large log", 120 * kMiB, {"-s", "10"}},
      {"several groups", 300 * kMiB + 512, {"-L", "name of a volume"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkfs.jfs", "fsck.jfs"});
}

void make_jfs(const stdfs::path& volume, const Recipe& recipe) {
  format_volume(volume, recipe.size, {"mkfs.jfs", "-q"}, recipe.options);
}

// Folders of several levels, files of many pieces, attributes and links outside their inodes.
std::string large_script(const std::string& device) {
  return std::format(
      "blockdev --setrw {0} && mkdir -p /mnt/j && mount -t jfs {0} /mnt/j && cd /mnt/j && "
      "mkdir deep many && for i in $(seq 1500); do echo $i >many/a_rather_long_name_of_a_file_$i; "
      "done && for i in $(seq 1 2 1500); do rm many/a_rather_long_name_of_a_file_$i; done && sync "
      "&& "
      "for i in $(seq 300); do head -c 5000 /dev/urandom >>deep/one; "
      "head -c 5000 /dev/urandom >>deep/two; [ $((i % 4)) = 0 ] && sync; done; rm deep/two; "
      "long=$(head -c 700 /dev/zero | tr '\\0' x); ln -s $long deep/link && "
      "head -c 9000000 /dev/urandom >deep/three && mkfifo pipe && mknod device c 1 3 && "
      "for i in $(seq 40); do mkdir -p $(seq -s / $i); done; cd / && umount /mnt/j",
      device);
}

// As many blocks are in use as the inodes and the fixed places of the metadata claim.
void check_claims(const stdfs::path& path) {
  const auto volume = io::open_file_source(path);
  const auto super = fs::JfsSuper::read(**volume).value().value();
  const auto map = fs::JfsMap::read(**volume, super).value();
  const auto claimed = fs::JfsInodes(**volume, super, map).count_blocks();
  BOOST_TEST_REQUIRE(claimed.has_value());
  BOOST_TEST(*claimed == map.used);
}

// What fsck.jfs counts, which must find nothing wrong.
struct Counts {
  std::uint64_t blocks = 0;  // all, with the workspace and the log
  std::uint64_t free = 0;
};

Counts fsck(const stdfs::path& volume) {
  const Outcome outcome = run({.argv = {"fsck.jfs", "-n", "-f", "-v", volume}});
  BOOST_TEST_REQUIRE(outcome.ok(), outcome.out + outcome.describe());
  BOOST_TEST(outcome.out.contains("Filesystem is clean"), outcome.out);
  return {number_after(outcome.out, "Block count: ").value(),
          number_after(outcome.out, "Free block count: ").value()};
}

void check_against_fsck(const stdfs::path& volume) {
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "JFS");
  BOOST_TEST((found.info.state == VolumeState::clean));
  check_claims(volume);
  const Counts counts = fsck(volume);
  BOOST_TEST(found.info.free == counts.free * kBlock);
  const std::uint64_t end = counts.blocks * kBlock;
  BOOST_TEST(found.used.clipped({0, end}).bytes() == (counts.blocks - counts.free) * kBlock);
  BOOST_TEST(found.used.contains({end, stdfs::file_size(volume) - end}));
  BOOST_TEST_MESSAGE("fsck.jfs: " << counts.blocks - counts.free << " blocks, mapped "
                                  << found.used.clipped({0, end}).bytes() / kBlock);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_jfs)

BOOST_AUTO_TEST_CASE(maps_an_empty_volume_as_fsck_does) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      make_jfs(dir / "volume", recipe);
      check_against_fsck(dir / "volume");
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_what_the_kernel_has_worn_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  std::vector<stdfs::path> volumes;
  for (const Recipe& recipe : recipes()) {
    volumes.push_back(dir / std::format("volume {}", volumes.size()));
    make_jfs(volumes.back(), recipe);
  }
  const std::size_t count = volumes.size();
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), recipes()[i].size);
  }
  GuestKernel guest("fs-jfs", volumes);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.fill(i, "jfs", "-", 1 + static_cast<unsigned>(i));
      if (recipes()[i].size > 200 * kMiB) guest.run(large_script(GuestKernel::device(i)));
      check_against_fsck(volumes[i]);
      restore_onto_noise(volumes[i], survey_volume(volumes[i]).used, volumes[count + i]);
      fsck(volumes[count + i]);
      const FileTree before = guest.tree(i, "jfs");
      BOOST_TEST(before.size() > 5u);
      BOOST_TEST(difference(guest.tree(count + i, "jfs"), before) == "same");
    }
  }
  // A power cut, and what comes before it.
  const std::string device = GuestKernel::device(1);
  guest.run("mount -t jfs " + device + " /mnt/j && cp /bin/busybox /mnt/j && sync");
  const Volume mounted = survey_volume(volumes[1]);
  BOOST_TEST(mounted.whole_reason == "it was not unmounted cleanly");
  BOOST_TEST((mounted.info.state == VolumeState::dirty));
  guest.run("umount /mnt/j");
  check_against_fsck(volumes[1]);
}

BOOST_AUTO_TEST_CASE(refusals_say_why) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_jfs(volume, recipes()[0]);
  const auto with = [&](std::uint64_t at, const std::string& bytes) {
    const std::string before = read_range(volume, at, bytes.size());
    write_range(volume, at, bytes);
    const Volume found = survey_volume(volume);
    write_range(volume, at, before);
    return found.whole_reason;
  };
  using namespace std::string_literals;
  constexpr std::uint64_t kSuper = 32 * kKiB;
  constexpr std::uint64_t kMap = 64 * kKiB;
  BOOST_TEST(with(kSuper + 4, "\3"s).contains("version 3 is unknown"));
  BOOST_TEST(with(kSuper + 38, "\x21"s).contains("flags that Drydock does not know (0x10000)"));
  BOOST_TEST(with(kSuper + 37, "\1"s).contains("log is on another device"));
  BOOST_TEST(with(kSuper + 40, "\2"s).contains("marked for a check"));
  BOOST_TEST(with(kSuper + 40, "\x8"s).contains("being enlarged"));
  BOOST_TEST(with(kSuper + 44, "\1"s).contains("compressed"));
  BOOST_TEST(with(kSuper + 16, "\0\x8"s).contains("blocks have 2048 bytes"));
  BOOST_TEST(with(kSuper + 8, "\xff"s).contains("do not end at its workspace"));
  BOOST_TEST(with(kSuper + 76, "\1"s).contains("log is not where it should be"));
  BOOST_TEST(with(60 * kKiB + 8, "\1"s).contains("two superblocks differ"));
  BOOST_TEST(with(kMap + 8, "\1"s).contains("free blocks but its map has"));
  BOOST_TEST(with(kMap + 56, "\1"s).contains("allocation group 0 counts"));
  // The page of bits: its count, one of the two maps, and both.
  const std::uint64_t bits = kMap + 4 * kBlock;
  BOOST_TEST(with(bits + 4, "\1"s).contains("a page of its block map counts"));
  BOOST_TEST(with(bits + 2048, "\1"s).contains("two block maps differ"));
  stdfs::resize_file(volume, recipes()[0].size - 2 * kMiB);
  BOOST_TEST(with(0, "\0"s).contains("more than the volume"));
}

// An external log, which mkfs.jfs makes on a device of its own.
BOOST_AUTO_TEST_CASE(a_log_elsewhere_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "log", 20 * kMiB);
  make_sparse(dir / "volume", 20 * kMiB);
  const auto made = run({.argv = {"mkfs.jfs", "-q", "-J", "journal_dev", dir / "log"}});
  if (!made.ok()) return skip("mkfs.jfs makes no log in a file");
  const auto using_it =
      run({.argv = {"mkfs.jfs", "-q", "-J", "device=" + (dir / "log").string(), dir / "volume"}});
  if (!using_it.ok()) return skip("mkfs.jfs takes no log in a file");
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.info.filesystem == "JFS");
  BOOST_TEST(found.whole_reason == "its log is on another device");
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_jfs(dir / "volume", recipes()[0]);
  survey_unreadable(dir / "volume", fs::used_jfs);
  survey_flipped(dir / "volume", fs::used_jfs, ExtentMap::from({{32 * kKiB, 192}}));
  // Inodes, the maps.
  survey_flipped(dir / "volume", fs::used_jfs,
                 ExtentMap::from({{44 * kKiB, 16 * kKiB}, {64 * kKiB, 80 * kKiB}}), 37);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
