// The list of damaged files, of volumes filled by the kernel or the filesystem's own programs.
// Every 512 bytes of every file say which file and which place in it they belong to, so that the
// lost sectors themselves tell what the list must have.
#include <fcntl.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <format>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "core/extent_map.h"
#include "support/files.h"
#include "support/imager.h"
#include "support/loop_device.h"
#include "support/marked_files.h"
#include "support/mounted.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "support/xfs_volume.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::size_t kSector = 512;

// A file and the number of 512 bytes in it.
using Place = std::pair<unsigned, std::uint64_t>;

class Tree {
 public:
  explicit Tree(stdfs::path root) : root_(std::move(root)) {}

  // `links`: whether the filesystem has hard links.
  void fill(bool links) {
    std::mt19937 random(7);
    for (unsigned i = 0; i < 90; ++i) {
      const std::string folder = i % 3 == 0   ? ""
                                 : i % 3 == 1 ? "papers/"
                                              : std::format("papers/year {}/old/", i % 7);
      // As large as whole blocks and not.
      add(folder + std::format("file {} of many.txt", i),
          i % 4 == 0 ? 4096 * (1 + random() % 60) : 2100 + random() % 90'000);
    }
    add("large", 7 * kMiB + 777);
    add_in_turns("first by turns", "second by turns", 200);
    if (!links) return;
    stdfs::create_hard_link(root_ / "large", root_ / "papers/the same");
    paths_[numbers_.at("large")].push_back("/papers/the same");
  }

  // What a sector of the volume holds, by its mark and all that follows up to the end of the file.
  std::optional<Place> place_of(std::string_view sector) const {
    Place place;
    const std::string text(sector.substr(0, 40));
    unsigned long block = 0;
    if (std::sscanf(text.c_str(), "file %u block %lu;", &place.first, &block) != 2)
      return std::nullopt;
    place.second = block;
    const std::uint64_t bytes = sizes_.at(place.first) - block * kSector;
    const std::string whole = marked_block(place.first, block);
    return sector.starts_with(whole.substr(0, bytes)) ? std::optional(place) : std::nullopt;
  }

  bool has(const std::string& path) const {
    return std::ranges::any_of(
        paths_, [&](const auto& file) { return std::ranges::contains(file.second, path); });
  }

  // Every path that a file has.
  const std::vector<std::string>& paths(unsigned file) const { return paths_.at(file); }

 private:
  unsigned name(const std::string& path, std::uint64_t bytes) {
    stdfs::create_directories((root_ / path).parent_path());
    const auto number = static_cast<unsigned>(paths_.size());
    paths_[number] = {"/" + path};
    numbers_[path] = number;
    sizes_[number] = bytes;
    return number;
  }

  void add(const std::string& path, std::uint64_t bytes) {
    // What is in the last sector must have its mark.
    if (bytes % kSector < 64) bytes -= bytes % kSector;
    const unsigned number = name(path, bytes);
    write_file(root_ / path, marked_content(number, bytes));
  }

  // Two files that grow by turns, each time written to the volume: both lie in many pieces.
  void add_in_turns(const std::string& a, const std::string& b, unsigned turns) {
    const std::array numbers{name(a, turns * 8 * kSector), name(b, turns * 8 * kSector)};
    const std::array files{::open((root_ / a).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644),
                           ::open((root_ / b).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)};
    for (unsigned turn = 0; turn < turns; ++turn)
      for (std::size_t i = 0; i < 2; ++i) {
        std::string text;
        for (unsigned k = 0; k < 8; ++k) text += marked_block(numbers[i], turn * 8 + k);
        if (::write(files[i], text.data(), text.size()) != ssize_t{8 * kSector} ||
            ::fdatasync(files[i]) != 0)
          throw_errno(a);
      }
    for (const int file : files) ::close(file);
  }

  stdfs::path root_;
  std::map<unsigned, std::vector<std::string>> paths_;
  std::map<std::string, unsigned> numbers_;
  std::map<unsigned, std::uint64_t> sizes_;
};

ExtentMap lose_some(const Tree& tree, const std::string& disk, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> of_files;
  for (std::uint64_t at = 0; at < disk.size(); at += kSector)
    if (tree.place_of(std::string_view(disk).substr(at, kSector))) of_files.push_back(at);
  std::vector<Extent> lost;
  for (unsigned i = 0; i < 60; ++i) {
    // Most of them in files; the others anywhere, in free space and the filesystem's own
    // structures.
    const std::uint64_t at = i % 6 != 0 ? of_files[random() % of_files.size()]
                                        : random() % (disk.size() / kSector) * kSector;
    lost.push_back({at, std::min<std::uint64_t>((1 + random() % 20) * kSector, disk.size() - at)});
  }
  return ExtentMap::from(std::move(lost));
}

// The map of a rescue that read all the rest (GNU ddrescue manual, "Mapfile structure").
void write_map(const stdfs::path& path, const ExtentMap& lost, std::uint64_t bytes) {
  std::string text = "# Mapfile\n0x00000000     +               1\n";
  const auto line = [&](Extent extent, char state) {
    text += std::format("{:#x} {:#x} {}\n", extent.offset, extent.length, state);
  };
  std::uint64_t at = 0;
  for (const Extent& extent : lost.extents()) {
    if (extent.offset > at) line({at, extent.offset - at}, '+');
    line(extent, '-');
    at = extent.end();
  }
  if (at < bytes) line({at, bytes - at}, '+');
  write_file(path, text);
}

struct Listed {
  std::set<std::pair<std::string, std::uint64_t>> missing;  // path and number of 512 bytes
  std::set<std::string> unknown;                            // files and folders
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;  // a quote in a field is doubled: there is none in these
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

Listed read_csv(const std::string& csv) {
  Listed listed;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const auto fields = fields_of(line);
    BOOST_REQUIRE_EQUAL(fields.size(), 7U);
    if (!fields[6].empty()) listed.unknown.insert(fields[1]);
    std::istringstream areas(fields[5]);
    std::uint64_t first = 0, last = 0;
    char dash = 0;
    while (areas >> first >> dash >> last)
      for (std::uint64_t i = first / kSector; i <= last / kSector; ++i)
        listed.missing.emplace(fields[1], i);
  }
  return listed;
}

bool cannot_be_told(const Listed& listed, const std::string& path) {
  for (const std::string& unknown : listed.unknown)
    if (path == unknown || unknown == "/" || path.starts_with(unknown + "/")) return true;
  return false;
}

// What the sectors themselves say against what is listed.
void compare(const Tree& tree, const std::string& disk, const ExtentMap& lost,
             const Listed& listed) {
  std::set<std::pair<std::string, std::uint64_t>> expected;
  for (const Extent& extent : lost.extents())
    for (std::uint64_t at = extent.offset; at < extent.end(); at += kSector)
      if (const auto place = tree.place_of(std::string_view(disk).substr(at, kSector)))
        for (const std::string& path : tree.paths(place->first))
          expected.emplace(path, place->second);
  BOOST_TEST(expected.size() > 100U);
  unsigned told = 0;
  for (const auto& [path, sector] : expected) {
    const bool is_listed = listed.missing.contains({path, sector});
    told += is_listed ? 1 : 0;
    if (!is_listed && !cannot_be_told(listed, path))
      BOOST_ERROR(std::format("{} lost {} unseen", path, sector));
  }
  BOOST_TEST(told > expected.size() / 2);
  for (const auto& [path, sector] : listed.missing)
    // A name that lay in a lost sector of its folder may be told by another one, as on FAT.
    if (!expected.contains({path, sector}) && (tree.has(path) || !cannot_be_told(listed, path)))
      BOOST_ERROR(std::format("{} is said to lack {}", path, sector));
}

// A volume of a kind, and how it is mounted for being filled.
struct Recipe {
  const char* name;
  std::vector<std::string> make;   // and the volume
  std::vector<std::string> mount;  // and the volume and the place
  std::uint64_t bytes = 160 * kMiB;
  bool links = true;
};

std::vector<std::string> with(std::vector<std::string> command,
                              std::initializer_list<std::string> more) {
  command.insert(command.end(), more);
  return command;
}

void fill(const Recipe& recipe, const stdfs::path& volume, const stdfs::path& place, Tree& tree) {
  if (recipe.mount.empty()) {  // FAT, by mtools
    stdfs::create_directories(place);
    tree.fill(recipe.links);
    Command copy{.argv = {"mcopy", "-s", "-i", volume}};
    for (const auto& entry : stdfs::directory_iterator(place)) copy.argv.push_back(entry.path());
    copy.argv.emplace_back("::/");
    must_run(copy);
    return;
  }
  Mounted mounted(with(recipe.mount, {volume, place}), place);
  tree.fill(recipe.links);
  mounted.end();
}

// Lost sectors by sixty places, three times: the same volume with other seeds.
void check(const Recipe& recipe) {
  BOOST_TEST_CONTEXT(recipe.name) {
    const TempDir dir;
    const stdfs::path volume = dir / "copy";
    make_sparse(volume, recipe.bytes);
    must_run({.argv = with(recipe.make, {volume})});
    Tree tree(dir / "filled");
    fill(recipe, volume, dir / "filled", tree);
    const std::string disk = read_file(volume);
    for (unsigned seed = 1; seed <= 3; ++seed) {
      const ExtentMap lost = lose_some(tree, disk, seed);
      // What a rescue leaves: zeros.
      for (const Extent& extent : lost.extents())
        write_range(volume, extent.offset, std::string(extent.length, '\0'));
      write_map(dir / "copy.map", lost, disk.size());
      const Outcome listed = imager({"damaged", volume, "--csv", "-"});
      BOOST_TEST(listed.status == 5, listed.describe());
      BOOST_TEST_INFO(listed.err);
      compare(tree, disk, lost, read_csv(listed.out));
      for (const Extent& extent : lost.extents())
        write_range(volume, extent.offset, disk.substr(extent.offset, extent.length));
    }
  }
}

constexpr std::uint64_t kLeastXfs = 320 * kMiB;  // that mkfs.xfs makes
const std::vector<std::string> kLoop{"mount", "-o", "loop"};

}  // namespace

BOOST_AUTO_TEST_CASE(damaged_files_of_ext_volumes_are_those_that_lost_sectors) {
  if (const auto why = no_loop_device()) return skip(*why);
  for (const Recipe& recipe :
       {Recipe{"ext4", {"mkfs.ext4", "-q", "-F"}, kLoop},
        Recipe{"ext4 without a journal, 1 KiB",
               {"mkfs.ext4", "-q", "-F", "-b", "1024", "-O", "^has_journal"},
               kLoop},
        Recipe{"ext4 with inline data", {"mkfs.ext4", "-q", "-F", "-O", "inline_data"}, kLoop},
        Recipe{"ext2, 1 KiB", {"mkfs.ext2", "-q", "-F", "-b", "1024"}, kLoop},
        Recipe{"ext3", {"mkfs.ext3", "-q", "-F"}, kLoop}})
    check(recipe);
}

BOOST_AUTO_TEST_CASE(damaged_files_of_xfs_volumes_are_those_that_lost_sectors) {
  if (const auto why = why_no_xfs_mount()) return skip(*why);
  for (const Recipe& recipe : {Recipe{"XFS", {"mkfs.xfs", "-q"}, kLoop, kLeastXfs},
                               Recipe{"XFS, 1 KiB",
                                      {"mkfs.xfs", "-q", "-b", "size=1024", "-n", "size=8192"},
                                      kLoop,
                                      kLeastXfs}})
    check(recipe);
}

BOOST_AUTO_TEST_CASE(damaged_files_of_btrfs_volumes_are_those_that_lost_sectors) {
  if (const auto why = no_loop_device()) return skip(*why);
  if (const auto why = missing_program("mkfs.btrfs")) return skip(*why);
  for (const Recipe& recipe :
       {Recipe{"Btrfs", {"mkfs.btrfs", "-q", "-f"}, kLoop},
        Recipe{"Btrfs, all mixed", {"mkfs.btrfs", "-q", "-f", "--mixed"}, kLoop}})
    check(recipe);
}

BOOST_AUTO_TEST_CASE(damaged_files_of_fat_volumes_are_those_that_lost_sectors) {
  if (const auto why = missing_programs({"mkfs.fat", "mcopy"})) return skip(*why);
  for (const Recipe& recipe : {Recipe{"FAT32", {"mkfs.fat", "-F", "32"}, {}, 160 * kMiB, false},
                               Recipe{"FAT16", {"mkfs.fat", "-F", "16"}, {}, 160 * kMiB, false}})
    check(recipe);
}

// The image tells the same as the copy that it was made of; a damaged frame is a loss like the
// others.
BOOST_AUTO_TEST_CASE(damaged_files_are_listed_from_an_image) {
  if (const auto why = no_loop_device()) return skip(*why);
  const TempDir dir;
  const stdfs::path copy = dir / "copy";
  make_sparse(copy, 160 * kMiB);
  must_run({.argv = {"mkfs.ext4", "-q", "-F", copy}});
  Tree tree(dir / "mounted");
  {
    Mounted mounted({"mount", "-o", "loop", copy, dir / "mounted"}, dir / "mounted");
    tree.fill(true);
    mounted.end();
  }
  const std::string disk = read_file(copy);
  const ExtentMap lost = lose_some(tree, disk, 4);
  write_map(dir / "copy.map", lost, disk.size());
  const stdfs::path image = dir / "image";
  const Outcome saved = imager({"save", copy, image, "--map", dir / "copy.map"});
  BOOST_TEST(saved.status == 5, saved.describe());
  const Outcome whole = imager({"damaged", image, "--csv", dir / "list.csv"});
  BOOST_TEST(whole.status == 5, whole.describe());
  compare(tree, disk, lost, read_csv(read_file(dir / "list.csv")));
  BOOST_TEST(imager({"damaged", copy, "--csv", "-"}).out == read_file(dir / "list.csv"));
  const Outcome again = imager({"damaged", image, "--csv", dir / "list.csv"});
  BOOST_TEST(again.status == 1, again.describe());  // an old list is not overwritten
}

BOOST_AUTO_TEST_CASE(damaged_files_of_ntfs_volumes_are_those_that_lost_sectors) {
  if (const auto why = missing_programs({"mkntfs", "ntfs-3g"})) return skip(*why);
  const std::vector<std::string> mount{"ntfs-3g"};
  for (const Recipe& recipe :
       {Recipe{"NTFS", {"mkntfs", "-q", "-F", "-f"}, mount},
        Recipe{"NTFS, 512", {"mkntfs", "-q", "-F", "-f", "-c", "512"}, mount}})
    check(recipe);
}
}  // namespace drydock::test
