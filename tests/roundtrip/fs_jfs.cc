// JFS against jfsutils and the kernel of the ISO.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/jfs.h"
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
constexpr std::uint64_t kBlock = 4096;

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"smallest", 16 * kMiB, {}},
      {"odd size", 90 * kMiB + 3 * 512, {}},
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
      check_against_fsck(volumes[i]);
      restore_onto_noise(volumes[i], survey_volume(volumes[i]).used, volumes[count + i]);
      fsck(volumes[count + i]);
      const FileTree before = guest.tree(i, "jfs");
      BOOST_TEST(before.size() > 5u);
      BOOST_TEST(difference(guest.tree(count + i, "jfs"), before) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_jfs(dir / "volume", recipes()[0]);
  survey_unreadable(dir / "volume", fs::used_jfs);
  survey_flipped(dir / "volume", fs::used_jfs, ExtentMap::from({{32 * 1024, 192}}));
  // Inodes, the maps.
  survey_flipped(dir / "volume", fs::used_jfs,
                 ExtentMap::from({{44 * 1024, 16 * 1024}, {64 * 1024, 80 * 1024}}), 37);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
