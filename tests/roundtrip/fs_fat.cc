// FAT12, FAT16 and FAT32 against dosfstools, mtools and partclone.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
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
  std::vector<std::string> options;
  std::string type;
  bool mtools = true;  // can read and write it
};

// Sizes that leave a piece of a cluster, and of a sector, at the end.
const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"floppy", 1440 * 1024, {"-F", "12"}, "FAT12"},
      {"FAT12, large clusters", 15 * kMiB + 1000, {"-F", "12", "-s", "8"}, "FAT12"},
      {"FAT12, one FAT", 3 * kMiB, {"-F", "12", "-f", "1", "-s", "4"}, "FAT12"},
      {"FAT16", 40 * kMiB + 700, {"-F", "16"}, "FAT16"},
      {"FAT16, 4K sectors", 200 * kMiB, {"-F", "16", "-S", "4096", "-s", "1"}, "FAT16"},
      {"FAT16, large clusters", 500 * kMiB + 512, {"-F", "16", "-s", "64"}, "FAT16"},
      {"FAT16, odd root and reserved", 40 * kMiB, {"-F", "16", "-r", "1008", "-R", "7"}, "FAT16"},
      {"FAT16, not aligned", 40 * kMiB, {"-a", "-F", "16"}, "FAT16"},
      {"FAT32", 300 * kMiB + 4097, {"-F", "32"}, "FAT32"},
      {"FAT32, small", 34 * kMiB, {"-F", "32", "-s", "1"}, "FAT32"},
      {"FAT32, smaller than the specification allows", 20 * kMiB, {"-F", "32"}, "FAT32", false},
      {"FAT32, 4K sectors", 400 * kMiB, {"-F", "32", "-S", "4096"}, "FAT32"},
      {"FAT32, many reserved sectors", 100 * kMiB, {"-F", "32", "-R", "1000", "-b", "9"}, "FAT32"},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkfs.fat", "fsck.fat", "mcopy", "mdel", "mshowfat"});
}

const std::map<std::string, std::string> kEnv{{"MTOOLS_SKIP_CHECK", "1"}};

// Fills a volume, deletes the files named "gone…" and fills the holes.
void populate(const stdfs::path& volume, const TempDir& dir) {
  const unsigned files = stdfs::file_size(volume) < 2 * kMiB ? 12 : 60;
  make_tree(dir / "tree", 3, files);
  const auto mtool = [&](std::vector<std::string> argv) {
    argv.insert(argv.begin() + 1, {"-i", volume.string()});
    must_run({.argv = argv, .env = kEnv});
  };
  for (const auto& entry : stdfs::directory_iterator(dir / "tree"))
    mtool({"mcopy", "-s", entry.path(), "::/"});
  for (const auto& entry : stdfs::recursive_directory_iterator(dir / "tree")) {
    const stdfs::path path = entry.path();
    if (entry.is_regular_file() && path.filename().string().starts_with("gone"))
      mtool({"mdel", "::/" + path.lexically_relative(dir / "tree").string()});
  }
  make_tree(dir / "new", 4, files / 2);
  mtool({"mmd", "::/new"});
  for (const auto& entry : stdfs::directory_iterator(dir / "new"))
    mtool({"mcopy", "-s", entry.path(), "::/new/"});
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  format_volume(volume, recipe.size, {"mkfs.fat", "-n", "DRYDOCK", "-i", "1234abcd"},
                recipe.options);
  if (recipe.mtools) populate(volume, dir);
  return volume;
}

// Every cluster that mtools finds in the chain of a file or folder: "::/PATH <5-9> <12>".
std::vector<Extent> chains(const stdfs::path& volume) {
  std::vector<std::string> argv{"mshowfat", "-i", volume};
  const std::string listed =
      must_run({.argv = {"mdir", "-i", volume, "-a", "-b", "-s", "::/"}, .env = kEnv});
  for (const std::string_view line : split(listed, '\n'))
    if (!line.empty())
      argv.emplace_back(line.ends_with('/') ? line.substr(0, line.size() - 1) : line);
  const std::string shown = must_run({.argv = argv, .env = kEnv});
  std::vector<Extent> clusters;
  for (std::size_t at = shown.find('<'); at != std::string::npos; at = shown.find('<', at + 1)) {
    const std::string inside = shown.substr(at + 1, shown.find('>', at) - at - 1);
    if (inside.find_first_not_of("0123456789-,") != std::string::npos) continue;
    for (const Extent& range : parse_ranges(inside)) clusters.push_back(range);
  }
  return clusters;
}

// Where cluster 2 begins, from the boot sector.
std::uint64_t data_area(const stdfs::path& volume) {
  const std::string boot = read_range(volume, 0, 512);
  const auto field = [&](std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i > 0; --i)
      value = value << 8 | static_cast<unsigned char>(boot[at + i - 1]);
    return value;
  };
  const std::uint64_t sector = field(11, 2);
  const std::uint64_t fat = field(22, 2) != 0 ? field(22, 2) : field(36, 4);
  const std::uint64_t root = (field(17, 2) * 32 + sector - 1) / sector;
  return (field(14, 2) + field(16, 1) * fat + root) * sector;
}

// As fsck.fat counts them: "…: 60 files, 1234/5678 clusters".
std::uint64_t clusters_in_use(const stdfs::path& volume) {
  const std::string said = must_run({.argv = {"fsck.fat", "-n", volume}});
  const std::size_t files = said.rfind(" files, ");
  const std::size_t slash = said.find('/', files);
  if (slash == std::string::npos) throw std::runtime_error("fsck.fat counts nothing: " + said);
  return parse_ranges(said.substr(files + 8, slash - files - 8)).at(0).offset;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_fat)

BOOST_AUTO_TEST_CASE(restores_to_a_clean_volume_with_the_same_files) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == recipe.type);
      BOOST_TEST(found.info.label == "DRYDOCK");
      BOOST_TEST(found.info.uuid == "1234-ABCD");

      const stdfs::path copy = dir / "copy";
      restore_onto_noise(volume, found.used, copy);
      const Outcome check = run({.argv = {"fsck.fat", "-n", copy}});
      BOOST_TEST(check.ok(), check.out + check.err);
      if (!recipe.mtools) continue;
      const Range all{0, recipe.size};
      BOOST_TEST(difference(fat_tree(copy, all), fat_tree(volume, all)) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_every_cluster_of_every_chain_and_no_other) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const std::uint64_t data = data_area(volume);
      const std::uint64_t cluster = found.info.cluster;
      if (recipe.mtools) {
        for (const Extent& range : chains(volume))
          BOOST_TEST(
              found.used.contains({data + (range.offset - 2) * cluster, range.length * cluster}));
      }
      const std::uint64_t whole = (found.info.total - data) / cluster * cluster;
      BOOST_TEST(found.used.clipped({data, whole}).bytes() == clusters_in_use(volume) * cluster);
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_partclone) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("partclone.vfat")) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    // partclone 0.3.23 misreads the packed entries of FAT12: there the chains that mtools sees (the
    // case above) are witness enough. It takes every sector to be of 512 bytes.
    if (recipe.type == "FAT12" || recipe.name.contains("4K sectors")) continue;
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const ExtentMap theirs = partclone_map("vfat", volume, dir / "domain");
      BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
      // Beyond theirs, ours has the piece of a cluster at the end and what lies behind.
      const std::uint64_t last = found.used.extents().back().offset;
      BOOST_TEST(found.used.subtracted(theirs).complement(last).bytes() == last,
                 difference(found.used, theirs));
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_and_restores_volumes_that_linux_has_used) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  std::vector<Recipe> used;
  std::vector<stdfs::path> volumes, copies;
  std::vector<FileTree> trees;
  for (const Recipe& recipe : recipes()) {
    // The emulated drives have sectors of 512 bytes, and whole ones.
    if (recipe.name.contains("4K sectors") || recipe.size > 320 * kMiB) continue;
    Recipe whole = recipe;
    whole.size = recipe.size / 512 * 512;
    whole.mtools = false;
    const std::string number = std::to_string(used.size());
    volumes.push_back(dir / ("volume" + number));
    copies.push_back(dir / ("copy" + number));
    stdfs::rename(make_volume(whole, dir), volumes.back());
    used.push_back(whole);
  }
  {
    GuestKernel guest("fs_fat", volumes);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      guest.fill(i, "vfat", "-", static_cast<unsigned>(i + 1));
      trees.push_back(guest.tree(i, "vfat"));
    }
  }
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    BOOST_TEST_CONTEXT(used[i].name) {
      BOOST_TEST(trees[i].size() > 8);
      const Volume found = survey_volume(volumes[i]);
      BOOST_TEST(found.whole_reason == "");
      const std::uint64_t data = data_area(volumes[i]);
      const std::uint64_t cluster = found.info.cluster;
      const std::uint64_t whole = (found.info.total - data) / cluster * cluster;
      BOOST_TEST(found.used.clipped({data, whole}).bytes() ==
                 clusters_in_use(volumes[i]) * cluster);
      BOOST_TEST(found.info.free == whole - clusters_in_use(volumes[i]) * cluster);
      restore_onto_noise(volumes[i], found.used, copies[i]);
      const Outcome check = run({.argv = {"fsck.fat", "-n", copies[i]}});
      BOOST_TEST(check.ok(), check.out + check.err);
    }
  }
  GuestKernel guest("fs_fat", copies);
  for (std::size_t i = 0; i < copies.size(); ++i) BOOST_TEST_CONTEXT(used[i].name)
  BOOST_TEST(difference(guest.tree(i, "vfat"), trees[i]) == "same");
}

BOOST_AUTO_TEST_CASE(every_change_of_one_fat_alone_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume =
      make_volume({"FAT16", 40 * kMiB, {"-F", "16", "-R", "1"}, "FAT16"}, dir);
  const std::string entry = read_range(volume, 512 + 2000, 1);
  write_range(volume, 512 + 2000, std::string(1, static_cast<char>(entry[0] ^ 1)));
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("copies 1 and 2 of its FAT differ"), found.whole_reason);
  BOOST_TEST((found.used == ExtentMap::whole(40 * kMiB)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
