// The files of exFAT volumes, read without mounting, against exfat-fuse.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/exfat.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/marked_files.h"
#include "support/mounted.h"
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
      {"512-byte clusters", 12 * kMiB, {"-c", "512"}},
      {"4K clusters", 24 * kMiB, {}},
      {"32K clusters", 64 * kMiB, {"-c", "32768"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  if (auto why = missing_programs({"mkfs.exfat", "fsck.exfat", "mount.exfat-fuse"})) return why;
  if (!stdfs::exists("/dev/fuse")) return "this kernel has no FUSE";
  return no_loop_device();
}

class ExfatMount {
 public:
  // The program stays behind with our pipes open, if it gets them.
  ExfatMount(const stdfs::path& volume, const stdfs::path& place, const std::string& options)
      : loop_(volume),
        mounted_({"sh", "-c", "mount.exfat-fuse \"$@\" >/dev/null 2>&1", "sh", "-o", options,
                  loop_.path(), place},
                 place) {}

 private:
  LoopDevice loop_;
  Mounted mounted_;
};

// Leaves so little room, in so small holes, that a large file comes to lie in many pieces.
void fill_in_pieces(const stdfs::path& top, std::uint64_t bytes) {
  make_marked_tree(top);
  delete_gone(top);
  const std::uint64_t hole = bytes / 50;
  unsigned holes = 0;
  for (; stdfs::space(top).available > 2 * hole; ++holes)
    write_file(top / std::format("filler {}", holes), marked_content(2000 + holes, hole));
  BOOST_TEST_REQUIRE(holes > 20u);
  for (unsigned i = 0; i < holes; i += 2) stdfs::remove(top / std::format("filler {}", i));
  write_file(top / "FOLDER/in pieces", marked_content(5000, hole * 9));
}

// Makes the first `written` bytes of a file all that were ever written of it, in its entry set.
void set_written(const stdfs::path& volume, std::uint64_t stream, std::uint64_t written) {
  const std::uint64_t set = stream - 32;
  std::string entries = read_range(volume, set, 32);
  entries = read_range(volume, set, 32 * (1 + static_cast<unsigned char>(entries[1])));
  for (std::size_t i = 0; i < 8; ++i)
    entries[40 + i] = static_cast<char>(written >> (8 * i) & 0xFF);
  std::uint16_t sum = 0;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (i != 2 && i != 3)
      sum = static_cast<std::uint16_t>((sum << 15 | sum >> 1) +
                                       static_cast<unsigned char>(entries[i]));
  entries[2] = static_cast<char>(sum & 0xFF);
  entries[3] = static_cast<char>(sum >> 8);
  write_range(volume, set, entries);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_exfat_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_tells_where_it_lies) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      const stdfs::path top = dir / "mounted";
      format_volume(volume, recipe.size, {"mkfs.exfat", "-L", "a label"}, recipe.options);
      {
        const ExfatMount mounted(volume, top, "rw");
        fill_in_pieces(top, recipe.size);
      }
      const ExfatMount mounted(volume, top, "ro");
      const MarkedCount found = compare_marked(fs::files_exfat, volume, top);
      BOOST_TEST_MESSAGE(recipe.name << ": " << found.files << " files, " << found.in_pieces
                                     << " of them in pieces");
      BOOST_TEST(found.files > 200u);
      BOOST_TEST(found.in_pieces > 0u);
    }
  }
}

// Linux writes such files; what was put in is known without a reader of it.
BOOST_AUTO_TEST_CASE(what_was_never_written_of_a_file_is_zeros) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const stdfs::path tree = dir / "tree";
  make_marked_tree(tree);
  delete_gone(tree);
  write_file(tree / "partly", marked_content(7000, 50'000));
  write_file(tree / "never", marked_content(7001, 50'000));
  format_volume(volume, 24 * kMiB, {"mkfs.exfat"}, {});
  {
    const ExfatMount mounted(volume, dir / "mounted", "rw");
    stdfs::copy(tree, dir / "mounted", stdfs::copy_options::recursive);
  }
  compare_marked(fs::files_exfat, volume, tree);
  const auto numbers = file_numbers(fs::files_exfat, volume);
  set_written(volume, numbers.at("/partly"), 12'345);
  set_written(volume, numbers.at("/never"), 0);
  const Outcome check = run({.argv = {"fsck.exfat", "-n", volume}});
  BOOST_TEST(check.ok(), check.out + check.err);
  write_file(tree / "partly", marked_content(7000, 12'345) + std::string(50'000 - 12'345, '\0'));
  write_file(tree / "never", std::string(50'000, '\0'));
  compare_marked(fs::files_exfat, volume, tree);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
