#include "support/used_system.h"

#include <string>

#include "base/units.h"
#include "support/fs_oracle.h"
#include "support/process.h"

namespace drydock::test {
namespace {

void fill_tree(const std::filesystem::path& tree) {
  for (int i = 0; i < 40; ++i) {
    const auto folder = tree / ("folder" + std::to_string(i % 5));
    std::filesystem::create_directories(folder);
    write_file(folder / ("noise" + std::to_string(i)), noise(i, std::size_t{10'000} * (i + 1)));
    write_file(folder / ("text" + std::to_string(i)), std::string(20'000, 'a' + i % 26));
  }
  std::filesystem::create_symlink("text1", tree / "folder1" / "link");
}

// Every block of the volume is written before the filesystem is made, as on a disk that had a life.
std::filesystem::path old_volume(const std::filesystem::path& path, std::uint64_t bytes,
                                 unsigned seed) {
  write_file(path, noise(seed, bytes));
  return path;
}

}  // namespace

UsedSystem make_used_system(const std::filesystem::path& folder) {
  UsedSystem system;
  system.disk = folder / "disk.img";
  system.bytes = 96 * kMiB;
  system.esp = {1 * kMiB, 34 * kMiB};
  system.root = {35 * kMiB, 40 * kMiB};
  system.swap = {75 * kMiB, 8 * kMiB};

  const auto esp = old_volume(folder / "esp", system.esp.size, 1);
  must_run({.argv = {"mkfs.vfat", "-F", "32", "-s", "1", "-n", "ESP", esp}});
  write_file(folder / "loader", noise(2, 300'000));
  must_run({.argv = {"mmd", "-i", esp, "::/EFI"}});
  for (const char* name : {"::/EFI/A.EFI", "::/EFI/B.EFI", "::/EFI/C.EFI"})
    must_run({.argv = {"mcopy", "-i", esp, folder / "loader", name}});
  must_run({.argv = {"mdel", "-i", esp, "::/EFI/B.EFI"}});

  const auto root = old_volume(folder / "root", system.root.size, 3);
  fill_tree(folder / "tree");
  must_run({.argv = {"mkfs.ext4", "-q", "-F", "-L", "root", "-E", "nodiscard", "-d",
                     folder / "tree", root}});
  must_run({.argv = {"debugfs", "-w", "-R", "rm /folder2/noise37", root}});
  must_run({.argv = {"debugfs", "-w", "-R", "rm /folder3/noise23", root}});
  must_run({.argv = {"e2fsck", "-fy", root}});

  const auto swap = old_volume(folder / "swap", system.swap.size, 4);
  must_run({.argv = {"mkswap", "-L", "swap", swap}});

  make_sparse(system.disk, system.bytes);
  must_run({.argv = {"sfdisk", "-q", system.disk},
            .input = "label: gpt\n"
                     "start=1MiB, size=34MiB, type=uefi, name=esp\n"
                     "start=35MiB, size=40MiB, type=linux, name=root\n"
                     "start=75MiB, size=8MiB, type=swap, name=swap\n"});
  write_range(system.disk, system.esp.offset, read_file(esp));
  write_range(system.disk, system.root.offset, read_file(root));
  write_range(system.disk, system.swap.offset, read_file(swap));
  write_range(system.disk, 90 * kMiB, noise(5, 5000));
  for (const auto& volume : {esp, root, swap}) std::filesystem::remove(volume);
  return system;
}

}  // namespace drydock::test
