// The files of Btrfs volumes, read without mounting.
#include <boost/test/unit_test.hpp>

#include "fs/btrfs.h"
#include "fs/btrfs_chunk_tree.h"
#include "fs/btrfs_files.h"
#include "fs/driver.h"
#include "io/file_source.h"
#include "support/btrfs_volume.h"
#include "support/damage.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/small_system.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

void format(const stdfs::path& volume, std::vector<std::string> options = {}) {
  write_file(volume, "");
  stdfs::resize_file(volume, 300 * kMiB);
  options.insert(options.begin(), {"mkfs.btrfs", "-q", "-f"});
  options.push_back(volume);
  must_run({.argv = options});
}

void copy_tree(const stdfs::path& tree, const stdfs::path& to) {
  must_run({.argv = {"cp", "-a", "--sparse=always", tree.string() + "/.", to}});
}

// Of the first subvolume in which a system may be.
std::string compare(const stdfs::path& path, const stdfs::path& tree) {
  const auto volume = io::open_file_source(path).value();
  std::vector<std::byte> bytes(fs::BtrfsSuper::kBytes);
  volume->read_at(fs::BtrfsSuper::kOffsets[0], bytes).value();
  const auto super = fs::BtrfsSuper::decode(bytes).value();
  fs::BtrfsChunks chunks(super);
  fs::BtrfsTrees trees(*volume, super, chunks);
  if (const auto read = fs::read_btrfs_chunks(super, trees, chunks); !read)
    return read.error().sentence();
  const auto subvolumes = fs::btrfs_subvolumes(trees);
  if (!subvolumes) return subvolumes.error().sentence();
  fs::BtrfsFiles files(*volume, trees, chunks, subvolumes->front().ref);
  return difference(files, tree);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_btrfs_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_finds_the_installed_system) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  make_small_system(dir / "tree");
  struct Recipe {
    std::vector<std::string> options;
    std::string mount;
  };
  for (const Recipe& recipe : {Recipe{{}, "rw"}, Recipe{{"-n", "65536"}, "compress-force=zstd:3"},
                               Recipe{{"--mixed"}, "compress=zstd"}, Recipe{{}, "max_inline=0"}}) {
    BOOST_TEST_CONTEXT(recipe.mount) {
      format(dir / "volume", recipe.options);
      {
        const BtrfsMount mounted(dir / "volume", dir / "mounted", recipe.mount);
        copy_tree(dir / "tree", dir / "mounted");
      }
      BOOST_TEST(survey_volume(dir / "volume").info.system == "Dry Linux 7");
      BOOST_TEST(compare(dir / "volume", dir / "tree") == "");
    }
  }
}

// As Debian, Fedora and Ubuntu lay it out, and as openSUSE does: with the one to be mounted named.
BOOST_AUTO_TEST_CASE(finds_the_system_in_a_subvolume) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  for (const char* name : {"old", "new"}) {
    stdfs::create_directories(dir / name / "etc");
    write_file(dir / name / "etc" / "os-release", std::string("PRETTY_NAME=") + name + "\n");
  }
  format(dir / "volume");
  const auto mounted = dir / "mounted";
  {
    const BtrfsMount mount(dir / "volume", mounted, "rw");
    mount.subvolume({"create", mounted / "@home"});
    mount.subvolume({"create", mounted / "@"});
    copy_tree(dir / "old", mounted / "@");
    mount.subvolume({"create", mounted / "@" / "snapshot"});
    copy_tree(dir / "new", mounted / "@" / "snapshot");
  }
  BOOST_TEST(survey_volume(dir / "volume").info.system == "old");
  {
    const BtrfsMount mount(dir / "volume", mounted, "rw");
    mount.subvolume({"set-default", mounted / "@" / "snapshot"});
  }
  BOOST_TEST(survey_volume(dir / "volume").info.system == "new");
}

BOOST_AUTO_TEST_CASE(contents_of_other_compressions_are_not_guessed) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  stdfs::create_directories(dir / "tree" / "etc");
  write_file(dir / "tree" / "etc" / "os-release",
             "PRETTY_NAME=Dry\n" + std::string(9000, '#') + "\n");
  for (const char* method : {"zlib", "lzo"}) {
    format(dir / "volume");
    {
      const BtrfsMount mounted(dir / "volume", dir / "mounted",
                               std::string("compress-force=") + method);
      copy_tree(dir / "tree", dir / "mounted");
    }
    BOOST_TEST(survey_volume(dir / "volume").info.system == "");
    BOOST_TEST(compare(dir / "volume", dir / "tree").contains("compressed by method"));
  }
}

// It is told or not, and that is all: every tree block carries a checksum, which is not made right
// again here, and file contents carry one that is not looked at.
BOOST_AUTO_TEST_CASE(damage_only_hides_the_system) {
  if (const auto why = missing_btrfs()) return skip(*why);
  const TempDir dir;
  stdfs::create_directories(dir / "tree" / "etc");
  write_file(dir / "tree" / "etc" / "os-release", "NAME=Dry\n");
  write_file(dir / "volume", "");
  stdfs::resize_file(dir / "volume", 120 * kMiB);
  must_run(
      {.argv = {"mkfs.btrfs", "-q", "-f", "-m", "single", "-r", dir / "tree", dir / "volume"}});
  io::MemoryDisk disk = in_memory(dir / "volume");
  BOOST_TEST(fs::identify(disk).system == "Dry");
  unsigned hidden = 0;
  const ExtentMap used = fs::used_btrfs(disk).value();
  for (const Extent& extent : used.extents()) {
    for (std::uint64_t at = extent.offset; at < std::min(extent.end(), 64 * kMiB); at += 1021) {
      std::byte& byte = disk.content()[at];
      const std::byte was = byte;
      byte ^= std::byte{1} << at % 8;
      hidden += fs::identify(disk).system != "Dry" ? 1 : 0;
      byte = was;
    }
  }
  BOOST_TEST(hidden > 20u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
