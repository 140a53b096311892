#include "support/worn_volume.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <format>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "base/units.h"
#include "support/files.h"
#include "support/fs_oracle.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kPerFile = 64 * kKiB;  // what a file of make_tree() takes on average

void append(const stdfs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error(file.string() + ": cannot be written to");
}

// sync() between the turns makes the filesystem choose a place each time.
void grow_in_turns(const stdfs::path& top, unsigned seed, std::uint64_t bytes) {
  constexpr std::size_t kTurns = 24, kFiles = 3;
  const std::size_t piece = std::min<std::size_t>(bytes / (kTurns * kFiles), 48 * kKiB) + 1;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    for (std::size_t file = 0; file < kFiles; ++file)
      append(top / std::format("grown {}", file), noise(seed + turn * kFiles + file, piece));
    sync();
  }
}

void punch(const stdfs::path& file, unsigned seed) {
  std::ofstream out(file, std::ios::binary);
  for (unsigned i = 0; i < 5; ++i) {
    out.seekp(static_cast<std::streamoff>(i) * 70'000);
    const std::string bytes = noise(seed + i, 6000);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
}

// What a filesystem may lack. The answers are not looked at: a file that is not there is the same
// in both trees.
void special_files(const stdfs::path& top, const stdfs::path& kept) {
  std::error_code ignored;
  stdfs::create_symlink("grown 0", top / "short link", ignored);
  stdfs::create_symlink(std::string(900, 'l'), top / "long link", ignored);
  stdfs::create_hard_link(kept, top / "second name", ignored);
  stdfs::permissions(top / "grown 1", stdfs::perms::owner_read, ignored);
  static_cast<void>(mknod((top / "pipe").c_str(), S_IFIFO | 0600, 0));
  static_cast<void>(mknod((top / "device").c_str(), S_IFCHR | 0600, makedev(1, 3)));
  static_cast<void>(lsetxattr(kept.c_str(), "user.small", "x", 1, 0));
  const std::string large = noise(5, 3000);
  static_cast<void>(
      lsetxattr((top / "grown 2").c_str(), "user.large", large.data(), large.size(), 0));
}

}  // namespace

void wear(const stdfs::path& top, unsigned seed, std::uint64_t room) {
  const auto files = static_cast<unsigned>(std::clamp<std::uint64_t>(room / kPerFile / 3, 4, 150));
  make_tree(top / "first", seed, files);
  sync();
  delete_gone(top);
  sync();
  grow_in_turns(top, seed * 100, room / 8);
  make_tree(top / "second", seed + 1, files / 2);
  punch(top / "with holes", seed);
  write_file(top / "kept", noise(seed, 10'000));
  special_files(top, top / "kept");
  sync();
}

}  // namespace drydock::test
