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
#include "support/small_system.h"
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

std::string compare(const stdfs::path& path, const stdfs::path& tree) {
  const auto volume = io::open_file_source(path).value();
  const auto head = io::read_bytes(*volume, fs::ExtSuper::kOffset, fs::ExtSuper::kBytes).value();
  const auto super = fs::ExtSuper::decode(head).value();
  if (const auto sound = super.check(volume->geometry().bytes); !sound)
    return sound.error().sentence();
  fs::ExtFiles files(super, *volume);
  return difference(files, tree);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ext_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_finds_the_installed_system) {
  if (const auto why = missing_program("mke2fs")) return skip(*why);
  const TempDir dir;
  make_small_system(dir / "tree");
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
