// Btrfs volumes filled by this kernel, and btrfs-progs as a witness of what they use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/volume.h"
#include "support/file_tree.h"
#include "support/loop_device.h"
#include "support/mounted.h"
#include "support/temp_dir.h"

namespace drydock::test {

struct BtrfsRecipe {
  std::string name;
  std::vector<std::string> options = {};  // of mkfs.btrfs
  std::string mount = "rw";
  std::uint64_t size = (std::uint64_t{300} << 20) + 3584;  // something lies behind the last block
};

// Why none can be made here, or nothing.
std::optional<std::string> missing_btrfs();

class BtrfsMount {
 public:
  BtrfsMount(const std::filesystem::path& volume, const std::filesystem::path& place,
             const std::string& options);

  // btrfs subvolume WORDS…
  void subvolume(std::vector<std::string> words) const;

 private:
  LoopDevice loop_;
  Mounted mounted_;
};

// Files, shared extents, subvolumes that are gone again, and a file with room set aside.
void wear_as_btrfs(const std::filesystem::path& top, const BtrfsMount& mounted);

// A volume so worn. Mounts it in `dir`.
void make_btrfs(const BtrfsRecipe& recipe, const std::filesystem::path& volume, const TempDir& dir);

// A volume's files, by mounting it in `dir`.
FileTree btrfs_tree(const std::filesystem::path& volume, const TempDir& dir);

std::string dump_btrfs_tree(const std::filesystem::path& volume, const std::string& tree);

// The object and the offset of each key of that type in a dump.
std::vector<Extent> btrfs_keys(const std::string& dump, std::string_view type);

struct BtrfsPlaces {
  Extent logical;
  std::vector<std::uint64_t> places;
  bool data = false;
};
// Of a dump of the chunk tree.
std::vector<BtrfsPlaces> btrfs_places(const std::string& dump);

// What btrfs-progs calls used, by address on the device.
ExtentMap btrfs_progs_map(const std::filesystem::path& volume);

// Tests that the map is that one, and that there was no reason to keep the whole.
void check_against_btrfs_progs(const std::filesystem::path& volume, const Volume& found);

// Restores `used` onto noise: btrfs check must find nothing.
void check_restored_btrfs(const std::filesystem::path& volume, const ExtentMap& used,
                          const std::filesystem::path& copy);
// And the files must be the same.
void check_restored_btrfs_tree(const std::filesystem::path& volume, const ExtentMap& used,
                               const TempDir& dir);

}  // namespace drydock::test
