// An initramfs as the kernel unpacks it: archives in "newc" format, one after the other, some
// compressed (kernel: Documentation/driver-api/early-userspace/buffer-format).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::test {

struct CpioEntry {
  std::string path;  // as stored, without a leading "/" or "./"
  std::uint32_t mode = 0;
  std::uint32_t uid = 0, gid = 0;
  std::uint32_t mtime = 0;
  std::string data;  // of a file; of a symbolic link its target

  bool is_file() const { return (mode & 0170000) == 0100000; }
  bool is_directory() const { return (mode & 0170000) == 0040000; }
  bool is_symlink() const { return (mode & 0170000) == 0120000; }
  bool is_executable() const { return is_file() && (mode & 0111) != 0; }
};

// The entries of one uncompressed archive. Throws std::runtime_error where it is damaged.
std::vector<CpioEntry> read_cpio(std::string_view archive);

// All entries of our initramfs, in the order the kernel makes them: a gzip member, padding, a
// stored archive.
std::vector<CpioEntry> read_initramfs(const std::filesystem::path& file);

}  // namespace drydock::test
