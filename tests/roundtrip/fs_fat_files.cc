// The files of FAT12, FAT16 and FAT32 volumes, read without mounting, against mtools.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/fat.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/marked_files.h"
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
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"FAT12", 6 * kMiB, {"-F", "12", "-s", "4"}},
      {"FAT12, one FAT", 4 * kMiB, {"-F", "12", "-f", "1", "-s", "4"}},
      {"FAT16", 6 * kMiB, {"-F", "16", "-s", "1"}},
      {"FAT16, 4K sectors", 24 * kMiB, {"-F", "16", "-S", "4096", "-s", "1"}},
      {"FAT32", 36 * kMiB, {"-F", "32", "-s", "1"}},
  };
  return all;
}

// mtools takes names in the characters of the locale.
const std::map<std::string, std::string> kEnv{{"MTOOLS_SKIP_CHECK", "1"}, {"LC_ALL", "C.UTF-8"}};

Command mtool(const stdfs::path& volume, std::vector<std::string> argv) {
  argv.insert(argv.begin() + 1, {"-i", volume.string()});
  return {.argv = std::move(argv), .env = kEnv};
}

// Copies the tree, deletes what is to go, and leaves so little room, in so small holes, that a
// large file comes to lie in many pieces. `tree` is then what is on the volume.
void fill_in_pieces(const stdfs::path& volume, const stdfs::path& tree) {
  std::vector<std::string> copy{"mcopy", "-s"};
  for (const auto& entry : stdfs::directory_iterator(tree)) copy.push_back(entry.path());
  copy.push_back("::/");
  must_run(mtool(volume, copy));
  for (const auto& entry : stdfs::recursive_directory_iterator(tree))
    if (entry.is_regular_file() && entry.path().filename().string().starts_with("gone"))
      must_run(mtool(volume, {"mdel", "::/" + entry.path().lexically_relative(tree).string()}));
  delete_gone(tree);

  const std::uint64_t hole = stdfs::file_size(volume) / 50;
  unsigned holes = 0;
  for (bool room = true; room; holes += room ? 1 : 0) {
    const stdfs::path filler = tree / std::format("filler {}", holes);
    write_file(filler, marked_content(2000 + holes, hole));
    room = run(mtool(volume, {"mcopy", "-D", "s", filler, "::/"})).ok();
    // What did not fit may have been begun.
    if (!room) run(mtool(volume, {"mdel", "::/" + filler.filename().string()}));
    if (!room) stdfs::remove(filler);
  }
  BOOST_TEST_REQUIRE(holes > 20u);
  for (unsigned i = 0; i < holes; i += 2) {
    const std::string filler = std::format("filler {}", i);
    must_run(mtool(volume, {"mdel", "::/" + filler}));
    stdfs::remove(tree / filler);
  }
  write_file(tree / "FOLDER/in pieces", marked_content(5000, hole * 9));
  must_run(mtool(volume, {"mcopy", tree / "FOLDER/in pieces", "::/FOLDER/"}));
}

stdfs::path as_mtools_reads_it(const stdfs::path& volume, const TempDir& dir) {
  const stdfs::path copy = dir / "by mtools";
  stdfs::create_directories(copy);
  must_run(mtool(volume, {"mcopy", "-s", "-n", "::/", copy}));
  return copy;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_fat_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_tells_where_it_lies) {
  if (const auto why = missing_programs({"mkfs.fat", "mcopy", "mdel"})) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path tree = dir / "tree";
      const stdfs::path volume = dir / "volume";
      make_marked_tree(tree);
      format_volume(volume, recipe.size, {"mkfs.fat", "-n", "A LABEL"}, recipe.options);
      fill_in_pieces(volume, tree);
      const MarkedCount found = compare_marked(fs::files_fat, volume, tree);
      BOOST_TEST_MESSAGE(recipe.name << ": " << found.files << " files, " << found.in_pieces
                                     << " of them in pieces");
      BOOST_TEST(found.files > 200u);
      BOOST_TEST(found.in_pieces > 0u);
      compare_marked(fs::files_fat, volume, as_mtools_reads_it(volume, dir));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_volume_that_was_not_unmounted_is_read_too) {
  if (const auto why = missing_programs({"mkfs.fat", "mcopy", "mdel"})) return skip(*why);
  const TempDir dir;
  make_marked_tree(dir / "tree");
  const stdfs::path volume = dir / "volume";
  format_volume(volume, 36 * kMiB, {"mkfs.fat"}, {"-F", "32", "-s", "1"});
  fill_in_pieces(volume, dir / "tree");
  write_range(volume, 65, std::string(1, '\x03'));
  BOOST_TEST(!survey_volume(volume).used_block());
  BOOST_TEST(compare_marked(fs::files_fat, volume, dir / "tree").files > 200u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
