// The files of XFS volumes, read without mounting.
#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/os_release.h"
#include "fs/xfs.h"
#include "fs/xfs_files.h"
#include "io/file_source.h"
#include "support/damage.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/small_system.h"
#include "support/temp_dir.h"
#include "support/xfs_volume.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

std::string compare(const stdfs::path& path, const stdfs::path& tree) {
  const auto volume = io::open_file_source(path).value();
  const auto super = fs::XfsSuper::read(*volume).value().value();
  if (const auto sound = super.check(*volume); !sound) return sound.error().sentence();
  fs::XfsFiles files(super, *volume);
  return difference(files, tree);
}

// Without what every other filesystem's reader thinks of it.
std::string system_on(const io::BlockSource& volume) {
  std::string name;
  (void)fs::files_xfs(volume,
                      [&](fs::Files& files, const fs::FileNode& root, auto) -> Result<bool> {
                        name = fs::linux_system(files, root).value_or("");
                        return true;
                      });
  return name;
}

// A file in more pieces than its inode has room for.
void write_in_pieces(const stdfs::path& file) {
  std::string script;
  for (unsigned i = 0; i < 400; ++i)
    script += std::format("pwrite -q -S {} {} 4096\n", i, i * 12288);
  must_run({.argv = {"xfs_io", "-f", file}, .input = script});
}

// mkfs's own way to fill a volume, where the kernel need not know its version.
std::string plan_of(const stdfs::path& tree) {
  std::string plan = "/\n0 0\nd--755 0 0\n";
  const auto folder = [&](const stdfs::path& path, const auto& self) -> void {
    for (const auto& entry : stdfs::directory_iterator(path)) {
      const std::string name = entry.path().filename();
      if (entry.is_symlink())
        plan += std::format("{} l--777 0 0 {}\n", name, stdfs::read_symlink(entry.path()).string());
      else if (entry.is_regular_file())
        plan += std::format("{} ---644 0 0 {}\n", name, entry.path().string());
      if (!entry.is_symlink() && entry.is_directory()) {
        plan += std::format("{} d--755 0 0\n", name);
        self(entry.path(), self);
      }
    }
    plan += "$\n";
  };
  folder(tree, folder);
  return plan + "$\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_xfs_files)

BOOST_AUTO_TEST_CASE(reads_every_file_and_finds_the_installed_system) {
  if (const auto why = missing_programs({"mkfs.xfs", "xfs_io", "cp"})) return skip(*why);
  if (const auto why = why_no_xfs_mount()) return skip(*why);
  const TempDir dir;
  make_small_system(dir / "tree");
  write_in_pieces(dir / "tree" / "pieces");
  const std::vector<std::vector<std::string>> recipes{
      {},
      {"-b", "size=1024", "-n", "size=65536"},
      {"-m", "rmapbt=1", "-i", "nrext64=1"},
      {"-d", "agcount=4", "-i", "size=2048"},
  };
  for (const auto& recipe : recipes) {
    BOOST_TEST_CONTEXT((recipe.empty() ? "default" : recipe.back())) {
      const stdfs::path volume = dir / "volume";
      make_xfs(volume, 320 * kMiB, recipe);
      {
        const XfsMount mounted(volume, dir / "mounted", "rw");
        must_run({.argv = {"cp", "-a", "--sparse=always", (dir / "tree").string() + "/.",
                           dir / "mounted"}});
      }
      BOOST_TEST(survey_volume(volume).info.system == "Dry Linux 7");
      BOOST_TEST(compare(volume, dir / "tree") == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(reads_version_4) {
  if (const auto why = missing_programs({"mkfs.xfs"})) return skip(*why);
  const TempDir dir;
  const stdfs::path tree = dir / "tree";
  stdfs::create_directories(tree / "etc");
  stdfs::create_directories(tree / "usr" / "lib");
  write_file(tree / "usr" / "lib" / "os-release", "NAME=Old\nVERSION_ID=6\n");
  stdfs::create_symlink("../usr/lib/os-release", tree / "etc" / "os-release");
  for (unsigned i = 0; i < 300; ++i)
    write_file(tree / "etc" / std::format("a-name-of-some-length-{}", i), std::format("{}", i));
  write_file(dir / "plan", plan_of(tree));
  for (const char* types : {"ftype=0", "ftype=1"}) {
    make_small_xfs(dir / "volume", 60 * kMiB,
                   {"-m", "crc=0", "-n", types, "-p", (dir / "plan").string()});
    BOOST_TEST(survey_volume(dir / "volume").info.system == "Old 6");
    BOOST_TEST(compare(dir / "volume", tree) == "");
  }
}

// It is told or not, and that is all: with any byte of what leads to it changed.
BOOST_AUTO_TEST_CASE(damage_only_hides_the_system) {
  if (const auto why = missing_programs({"mkfs.xfs"})) return skip(*why);
  const TempDir dir;
  stdfs::create_directories(dir / "tree" / "etc");
  write_file(dir / "tree" / "etc" / "os-release", "NAME=Old\n");
  write_file(dir / "plan", plan_of(dir / "tree"));
  make_small_xfs(dir / "volume", 16 * kMiB,
                 {"-d", "agcount=1", "-m", "crc=0", "-p", (dir / "plan").string()});
  io::MemoryDisk disk = in_memory(dir / "volume");
  BOOST_TEST(system_on(disk) == "Old");
  unsigned hidden = 0;
  for (std::uint64_t at = 0; at < 262'144; at += 13) {
    std::byte& byte = disk.content()[at];
    const std::byte was = byte;
    byte ^= std::byte{1} << at % 8;
    hidden += system_on(disk) != "Old" ? 1 : 0;
    byte = was;
  }
  BOOST_TEST(hidden > 3u);  // few of so many bytes lead to it
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
