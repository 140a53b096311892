// NTFS and exFAT as Linux's own drivers fill them, in the kernel of the ISO.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/used_map.h"
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
  std::uint64_t size;
  std::string type;  // as the kernel calls it
  std::vector<std::string> format;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"NTFS", 120 * kMiB + 1536, "ntfs3", {"mkntfs", "-q", "-F", "-f"}},
      {"NTFS, 512-byte clusters", 60 * kMiB, "ntfs3", {"mkntfs", "-q", "-F", "-f", "-c", "512"}},
      {"exFAT", 100 * kMiB + 1536, "exfat", {"mkfs.exfat"}},
      {"exFAT, 128K clusters", 200 * kMiB, "exfat", {"mkfs.exfat", "-c", "131072"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs(
      {"mkntfs", "ntfscat", "ntfsresize", "mkfs.exfat", "fsck.exfat", "dump.exfat"});
}

// How many clusters are in use where its clusters are, as its own tools count them, and as mapped.
struct Counts {
  std::uint64_t theirs = 0;
  std::uint64_t ours = 0;
};

Counts counts_of_exfat(const stdfs::path& volume, const Volume& found) {
  const std::string dump = must_run({.argv = {"dump.exfat", volume}});
  const auto field = [&](std::string_view name) { return number_after(dump, name).value(); };
  const std::uint64_t clusters = field("Total Clusters:");
  const std::uint64_t heap = field("Cluster Heap Offset (sector offset):")
                             << field("Sector Size Bits:");
  const ExtentMap ours = found.used.clipped({heap, clusters * found.info.cluster});
  return {clusters - field("Free Clusters:"), ours.bytes() / found.info.cluster};
}

Counts counts_of_ntfs(const stdfs::path& volume, const Volume& found) {
  const std::string bits = must_run({.argv = {"ntfscat", "-f", "-i", "6", volume}});
  const std::uint64_t clusters = found.info.total / found.info.cluster;
  const ExtentMap ours = found.used.clipped({0, clusters * found.info.cluster});
  return {fs::count_bits(as_bytes(bits), clusters), ours.bytes() / found.info.cluster};
}

// The kernel makes up the time of exFAT's root folder.
FileTree tree_of(GuestKernel& guest, std::size_t i, const Recipe& recipe) {
  FileTree tree = guest.tree(i, recipe.type);
  if (recipe.type == "exfat") tree.erase("");
  return tree;
}

void check_clean(const Recipe& recipe, const stdfs::path& volume) {
  const Outcome check = recipe.type == "exfat"
                            ? run({.argv = {"fsck.exfat", "-n", volume}})
                            : run({.argv = {"ntfsresize", "-i", "-f", "-P", volume}});
  BOOST_TEST(check.ok(), check.out + check.err);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_windows_in_guest)

BOOST_AUTO_TEST_CASE(maps_what_linux_s_drivers_filled_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  const std::size_t count = recipes().size();
  std::vector<stdfs::path> volumes;
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("volume {}", i));
    format_volume(volumes[i], recipes()[i].size, recipes()[i].format, {});
  }
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), recipes()[i].size);
  }
  GuestKernel guest("fs-windows", volumes);
  for (std::size_t i = 0; i < count; ++i) {
    const Recipe& recipe = recipes()[i];
    BOOST_TEST_CONTEXT(recipe.name) {
      guest.fill(i, recipe.type, "-", 1 + static_cast<unsigned>(i));
      const FileTree before = tree_of(guest, i, recipe);
      BOOST_TEST(before.size() > 20u);
      const Volume found = survey_volume(volumes[i]);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST((found.info.state == VolumeState::clean));
      const Counts counts = recipe.type == "exfat" ? counts_of_exfat(volumes[i], found)
                                                   : counts_of_ntfs(volumes[i], found);
      BOOST_TEST_MESSAGE(recipe.name << ": " << counts.theirs << " clusters by its tools, mapped "
                                     << counts.ours);
      BOOST_TEST(counts.ours == counts.theirs);
      restore_onto_noise(volumes[i], found.used, volumes[count + i]);
      check_clean(recipe, volumes[count + i]);
      BOOST_TEST(difference(tree_of(guest, count + i, recipe), before) == "same");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
