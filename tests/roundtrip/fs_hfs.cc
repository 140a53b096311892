// HFS+ and HFSX against Linux, sleuthkit, partclone and, where it is installed, Apple's fsck.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
#include "support/hfs_maker.h"
#include "support/loop_device.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Case {
  std::string name;
  std::uint64_t size;
  HfsRecipe recipe;
  std::string options = "-";  // for Linux
};

// Some sizes are odd so that something lies behind the last block.
const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"HFS+", 60 * kMiB, {}},
      {"HFS+, 512", 20 * kMiB + 512, {.block = 512}},
      {"HFS+, 1K", 40 * kMiB + 512, {.block = 1024, .node = 8192}},
      {"HFS+, 64K", 90 * kMiB + 3584, {.block = 65536}},
      {"HFSX", 60 * kMiB + 2048, {.extended = true, .node = 8192}},
      {"wrapped HFS+", 60 * kMiB, {.wrapped = true}},
      {"wrapped HFS+, 2K", 70 * kMiB + 1024, {.block = 2048, .wrapped = true}},
      {"journaled", 80 * kMiB, {.journal = 8 * kMiB}, "force"},
      {"many node maps", 50 * kMiB, {.extents_nodes = 20'000}},
      {"bad blocks", 50 * kMiB, {.bad_blocks = {{5000, 1}, {5002, 3}, {9000, 100}}}},
      {"no attributes file", 40 * kMiB, {.attribute_file = false}},
      {"large nodes", 60 * kMiB, {.node = 32768, .extents_node = 4096}},
  };
  return all;
}

// What sleuthkit does not call free, and everything outside the HFS Plus volume.
ExtentMap sleuthkit_used(const stdfs::path& volume, const HfsPlaces& places, std::uint32_t block) {
  const std::string list = must_run({.argv = {"blkls", "-f", "hfs", "-e", "-l", "-o",
                                              std::to_string(places.offset / 512), volume}});
  std::vector<Extent> free;
  for (const std::string_view line : split(list, '\n')) {
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos || line.substr(bar) != "|f") continue;
    const std::uint64_t number = std::stoull(std::string(line.substr(0, bar)));
    free.push_back({places.offset + number * block, block});
  }
  return ExtentMap::from(std::move(free)).complement(stdfs::file_size(volume));
}

// What Apple's fsck finds wrong. Debian has none, so a copy of it may or may not be installed.
std::string apple_check(const stdfs::path& volume) {
  if (missing_program("fsck.hfsplus") || no_loop_device()) return "";
  const LoopDevice loop(volume, {"-r"});
  const Outcome check = run({.argv = {"fsck.hfsplus", "-n", "-f", loop.path()}});
  return check.ok() ? "" : check.out.substr(check.out.find('\n'));  // without the device's name
}

// The map must be the one that others see: nothing less, and nothing more than what lies around the
// blocks of the filesystem.
void compare(const stdfs::path& volume, const Case& given, const HfsPlaces& places) {
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == (given.recipe.extended ? "HFSX" : "HFS+"));
  BOOST_TEST(found.info.label == "drydock");
  BOOST_TEST(found.info.uuid == "647279646f636b73");
  BOOST_TEST(found.info.cluster == given.recipe.block);
  BOOST_TEST((found.info.state == VolumeState::clean));

  const Extent blocks{places.offset, std::uint64_t{places.blocks} * given.recipe.block};
  const ExtentMap inside = found.used.clipped(blocks);
  const ExtentMap oracle = sleuthkit_used(volume, places, given.recipe.block);
  BOOST_TEST((inside == oracle.clipped(blocks)), difference(inside, oracle.clipped(blocks)));
  BOOST_TEST(oracle.subtracted(found.used).empty());
  BOOST_TEST(found.info.used == inside.bytes());

  if (missing_program("partclone.hfsplus")) return;
  const ExtentMap theirs = partclone_map("hfsplus", volume, volume.string() + ".domain");
  BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
  BOOST_TEST((inside == theirs.clipped(blocks)), difference(inside, theirs.clipped(blocks)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_hfs)

BOOST_AUTO_TEST_CASE(maps_empty_volumes_as_others_do) {
  if (const auto why = missing_program("blkls")) return skip(*why);
  for (const Case& given : cases()) {
    BOOST_TEST_CONTEXT(given.name) {
      const TempDir dir;
      const HfsPlaces places = make_hfs(dir / "volume", given.size, given.recipe);
      compare(dir / "volume", given, places);
      BOOST_TEST(apple_check(dir / "volume") == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_and_restores_volumes_that_linux_has_used) {
  if (const auto why = missing_program("blkls")) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  std::vector<HfsPlaces> places;
  std::vector<stdfs::path> volumes, copies;
  std::vector<FileTree> trees;
  for (std::size_t i = 0; i < cases().size(); ++i) {
    volumes.push_back(dir / std::format("volume{}", i));
    copies.push_back(dir / std::format("copy{}", i));
    places.push_back(make_hfs(volumes[i], cases()[i].size, cases()[i].recipe));
  }
  {
    GuestKernel guest("fs_hfs", volumes);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      guest.fill(i, "hfsplus", cases()[i].options, static_cast<unsigned>(i + 1));
      trees.push_back(guest.tree(i, "hfsplus"));
    }
  }
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    BOOST_TEST_CONTEXT(cases()[i].name) {
      BOOST_TEST(trees[i].size() > 50);
      compare(volumes[i], cases()[i], places[i]);
      restore_onto_noise(volumes[i], survey_volume(volumes[i]).used, copies[i]);
      BOOST_TEST(apple_check(copies[i]) == apple_check(volumes[i]));
    }
  }
  GuestKernel guest("fs_hfs", copies);
  for (std::size_t i = 0; i < copies.size(); ++i) BOOST_TEST_CONTEXT(cases()[i].name)
  BOOST_TEST(difference(guest.tree(i, "hfsplus"), trees[i]) == "same");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
