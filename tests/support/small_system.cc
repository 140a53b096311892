#include "support/small_system.h"

#include <format>
#include <fstream>

#include "base/units.h"
#include "support/files.h"
#include "support/fs_oracle.h"

namespace drydock::test {

namespace stdfs = std::filesystem;

void make_small_system(const stdfs::path& top) {
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

std::string difference(fs::Files& files, const stdfs::path& tree) {
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

}  // namespace drydock::test
