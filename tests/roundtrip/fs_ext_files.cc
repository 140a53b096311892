// The files of ext2, ext3 and ext4 volumes, read without mounting.
#include <boost/test/unit_test.hpp>
#include <format>
#include <fstream>

#include "fs/ext.h"
#include "fs/ext_files.h"
#include "io/file_source.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

const std::vector<std::vector<std::string>>& recipes() {
  static const std::vector<std::vector<std::string>> all{
      {"-t", "ext2", "-b", "1024"},
      {"-r", "0", "-b", "1024", "-O", "none"},
      {"-t", "ext3", "-b", "4096"},
      {"-t", "ext4", "-b", "1024"},
      {"-t", "ext4"},
      {"-t", "ext4", "-b", "65536"},
      {"-t", "ext4", "-O", "inline_data"},
      {"-t", "ext4", "-I", "1024", "-O", "inline_data"},
      {"-t", "ext4", "-O", "bigalloc"},
      {"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode"},
      {"-t", "ext4", "-b", "1024", "-O", "large_dir,ea_inode,casefold"},
  };
  return all;
}

// A small system: an os-release behind a relative link, a folder of many names, a file of many
// levels and one with holes.
void make_system(const stdfs::path& top) {
  make_tree(top, 3, 60);
  stdfs::create_directories(top / "etc/many");
  stdfs::create_directories(top / "usr/lib");
  write_file(top / "usr/lib/os-release",
             "NAME=\"Dry\"\nPRETTY_NAME=\"Dry Linux 7\"\n" + std::string(400, '#') + "\n");
  stdfs::create_symlink("../usr/lib/os-release", top / "etc/os-release");
  stdfs::create_symlink("../usr/lib" + std::string(90, '/') + "os-release", top / "etc/long-link");
  for (unsigned i = 0; i < 2000; ++i)
    write_file(top / std::format("etc/many/{:06} {}", i, std::string(i % 50, 'x')), "");
  write_file(top / "large", noise(5, 9 * kMiB));
  // With inline_data, mke2fs cuts a file that ends in a hole.
  write_file(top / "holes", noise(6, 70'000));
  stdfs::resize_file(top / "holes", 8 * kMiB);
  std::ofstream(top / "holes", std::ios::app) << noise(7, 20'000);
  write_file(top / "small", "fits into an inode");
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Every file of the tree as the reader sees it; what differs, or nothing.
std::string compare(const stdfs::path& path, const stdfs::path& tree) {
  const auto volume = io::open_file_source(path).value();
  const auto head = io::read_bytes(*volume, fs::ExtSuper::kOffset, fs::ExtSuper::kBytes).value();
  const auto super = fs::ExtSuper::decode(head).value();
  if (const auto sound = super.check(volume->geometry().bytes); !sound)
    return sound.error().sentence();
  fs::ExtFiles files(super, *volume);
  const auto root = files.root();
  if (!root) return root.error().sentence();
  for (const auto& entry : stdfs::recursive_directory_iterator(tree)) {
    const std::string name = entry.path().lexically_relative(tree).string();
    const auto found = fs::look_up(files, *root, name);
    if (!found) return name + ": " + found.error().sentence();
    if (!*found) return name + ": missing";
    if (!stdfs::is_regular_file(entry.path())) continue;
    const auto bytes = fs::read_file(files, **found, 100 * kMiB);
    if (!bytes) return name + ": " + bytes.error().sentence();
    if (text_of(*bytes) != read_file(entry.path())) return name + ": other contents";
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ext_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_finds_the_installed_system) {
  if (const auto why = missing_program("mke2fs")) return skip(*why);
  const TempDir dir;
  make_system(dir / "tree");
  for (const auto& recipe : recipes()) {
    std::string name;
    for (const std::string& option : recipe) name += " " + option;
    BOOST_TEST_CONTEXT(name) {
      const stdfs::path path = dir / "volume";
      stdfs::remove(path);
      make_sparse(path, 300 * kMiB);
      std::vector<std::string> argv{"mke2fs", "-q", "-F", "-d", dir / "tree"};
      argv.insert(argv.end(), recipe.begin(), recipe.end());
      argv.push_back(path);
      must_run({.argv = argv});
      BOOST_TEST(survey_volume(path).info.system == "Dry Linux 7");
      BOOST_TEST(compare(path, dir / "tree") == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(reads_a_file_that_needs_three_levels_of_block_numbers) {
  if (const auto why = missing_program("mke2fs")) return skip(*why);
  const TempDir dir;
  stdfs::create_directories(dir / "tree");
  write_file(dir / "tree/far", noise(6, 70'000));
  stdfs::resize_file(dir / "tree/far", 66 * kMiB);
  std::ofstream(dir / "tree/far", std::ios::app) << noise(7, 20'000);
  make_sparse(dir / "volume", 20 * kMiB);
  must_run({.argv = {"mke2fs", "-q", "-F", "-t", "ext2", "-b", "1024", "-d", dir / "tree",
                     dir / "volume"}});
  BOOST_TEST(compare(dir / "volume", dir / "tree") == "");
}

BOOST_AUTO_TEST_CASE(a_volume_without_a_system_has_none) {
  if (const auto why = missing_program("mke2fs")) return skip(*why);
  const TempDir dir;
  stdfs::create_directories(dir / "tree/etc");
  stdfs::create_symlink("../usr/lib/os-release", dir / "tree/etc/os-release");
  make_sparse(dir / "volume", 20 * kMiB);
  must_run({.argv = {"mke2fs", "-q", "-F", "-t", "ext4", "-d", dir / "tree", dir / "volume"}});
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.info.system == "");
  BOOST_TEST(found.whole_reason == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
