#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sys {

// What the kernel tells in small files below /sys and /proc. Rooted at a folder, so that a test can
// build a machine out of files. Nothing here fails: what is missing reads as empty.
class SysTree {
 public:
  // "" is this computer.
  explicit SysTree(std::string root = {}) : root_(std::move(root)) {}

  // Where an absolute path of the machine really stands.
  std::string real(std::string_view path) const { return root_ + std::string(path); }

  bool exists(std::string_view path) const;
  // The file without space at its ends; nothing when it cannot be read (some attributes of a drive
  // that is gone give an error).
  std::optional<std::string> read(std::string_view path) const;
  std::string text(std::string_view path) const { return read(path).value_or(std::string()); }
  // The bytes as they are: binary attributes.
  std::string raw(std::string_view path) const;
  // A decimal number; `otherwise` when there is none.
  std::uint64_t number(std::string_view path, std::uint64_t otherwise = 0) const;
  // Names in a folder, sorted; digits count as numbers, so that sda2 stands before sda10.
  std::vector<std::string> names(std::string_view folder) const;
  // The path without symbolic links, inside the tree; empty when it leads nowhere.
  std::string resolved(std::string_view path) const;

 private:
  std::string root_;
};

// What follows the last slash: the name of a folder of /sys.
inline std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// "sda2" before "sda10", "sdz" before "sdaa": the order in which drives are numbered.
bool device_less(std::string_view a, std::string_view b);

}  // namespace drydock::sys
