#include "support/btrfs_volume.h"

#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/worn_volume.h"

namespace drydock::test {

namespace stdfs = std::filesystem;

std::optional<std::string> missing_btrfs() {
  if (auto why = missing_programs({"mkfs.btrfs", "btrfs"})) return why;
  if (!read_file("/proc/filesystems").contains("\tbtrfs\n")) return "this kernel has no Btrfs";
  return no_loop_device();
}

BtrfsMount::BtrfsMount(const stdfs::path& volume, const stdfs::path& place,
                       const std::string& options)
    : loop_(volume),
      mounted_({"mount", "-t", "btrfs", "-o", options, loop_.path(), place}, place) {}

void BtrfsMount::subvolume(std::vector<std::string> words) const {
  std::vector<std::string> argv{"btrfs", "subvolume"};
  argv.insert(argv.end(), words.begin(), words.end());
  must_run({.argv = argv});
}

void wear_as_btrfs(const stdfs::path& top, const BtrfsMount& mounted) {
  mounted.subvolume({"create", top / "sub"});
  make_tree(top / "sub", 3, 40);
  mounted.subvolume({"snapshot", "-r", top / "sub", top / "snapshot"});
  mounted.subvolume({"snapshot", top / "sub", top / "doomed"});
  make_tree(top / "doomed" / "more", 4, 30);
  delete_gone(top / "sub");
  write_file(top / "large", noise(9, 3 << 20));
  must_run({.argv = {"cp", "--reflink=always", top / "large", top / "shared"}});
  write_range(top / "shared", 1 << 20, std::string(70000, 'x'));
  run({.argv = {"fallocate", "-l", "2M", top / "set aside"}});
  must_run({.argv = {"sync", "-f", top}});
  mounted.subvolume({"delete", "--commit-after", top / "doomed"});
  must_run({.argv = {"btrfs", "subvolume", "sync", top}});
}

void make_btrfs(const BtrfsRecipe& recipe, const stdfs::path& volume, const TempDir& dir) {
  std::vector<std::string> options = recipe.options;
  options.insert(options.begin(), {"-q", "-f", "-L", "drydock"});
  format_volume(volume, recipe.size, {"mkfs.btrfs"}, options);
  const BtrfsMount mounted(volume, dir / "mounted", recipe.mount);
  wear(dir / "mounted", 1, 40 * kMiB);
  wear_as_btrfs(dir / "mounted", mounted);
}

FileTree btrfs_tree(const stdfs::path& volume, const TempDir& dir) {
  const BtrfsMount mounted(volume, dir / "mounted", "ro");
  return file_tree(dir / "mounted");
}

std::string dump_btrfs_tree(const stdfs::path& volume, const std::string& tree) {
  return must_run({.argv = {"btrfs", "inspect-internal", "dump-tree", "-t", tree, volume}});
}

// "item 3 key (13631488 EXTENT_ITEM 8192) itemoff …": the three words of each key of that type.
std::vector<Extent> btrfs_keys(const std::string& dump, std::string_view type) {
  std::vector<Extent> keys;
  for (const std::string_view line : split(dump, '\n')) {
    const auto open = line.find(" key (");
    const auto at = line.find(std::format(" {} ", type));
    if (open == std::string_view::npos || at == std::string_view::npos) continue;
    const auto number = [](std::string_view text) {
      return text.starts_with("FIRST") ? 0 : leading_number(text);
    };
    keys.push_back(
        {number(line.substr(open + 6)), leading_number(line.substr(at + type.size() + 2))});
  }
  return keys;
}

std::vector<BtrfsPlaces> btrfs_places(const std::string& dump) {
  std::vector<BtrfsPlaces> chunks;
  for (const std::string_view raw : split(dump, '\n')) {
    const std::string_view line = trimmed(raw);
    const auto words = words_of(line);
    if (line.starts_with("item ")) {
      const auto at = line.find(" CHUNK_ITEM ");
      if (at == std::string_view::npos) continue;
      chunks.push_back({{leading_number(line.substr(at + 12)), 0}, {}});
    } else if (!chunks.empty() && line.starts_with("length ")) {
      chunks.back().logical.length = leading_number(words[1]);
      chunks.back().data = line.contains("type DATA");
    } else if (!chunks.empty() && line.starts_with("stripe ") && words.size() > 5) {
      chunks.back().places.push_back(leading_number(words[5]));
    }
  }
  return chunks;
}

ExtentMap btrfs_progs_map(const stdfs::path& volume) {
  const std::string super = must_run({.argv = {"btrfs", "inspect-internal", "dump-super", volume}});
  const std::uint64_t node = *number_after(super, "nodesize");
  const std::uint64_t device = *number_after(super, "dev_item.total_bytes");
  const std::string extents = dump_btrfs_tree(volume, "extent");
  std::vector<Extent> logical = btrfs_keys(extents, "EXTENT_ITEM");
  for (const Extent& key : btrfs_keys(extents, "METADATA_ITEM"))
    logical.push_back({key.offset, node});
  std::vector<Extent> used{{0, kMiB}, {device, stdfs::file_size(volume) - device}};
  for (const std::uint64_t copy : {std::uint64_t{64} << 20, std::uint64_t{256} << 30})
    if (copy < device) used.push_back({copy, 4096});
  const auto chunks = btrfs_places(dump_btrfs_tree(volume, "chunk"));
  for (const Extent& extent : logical)
    for (const BtrfsPlaces& chunk : chunks)
      if (intersection(extent, chunk.logical).length != 0)
        for (const std::uint64_t place : chunk.places)
          used.push_back({place + extent.offset - chunk.logical.offset, extent.length});
  return ExtentMap::from(std::move(used));
}

void check_against_btrfs_progs(const stdfs::path& volume, const Volume& found) {
  BOOST_TEST(found.whole_reason == "");
  const ExtentMap theirs = btrfs_progs_map(volume);
  BOOST_TEST(theirs.bytes() > 2 * kMiB);
  BOOST_TEST((found.used == theirs), difference(found.used, theirs));
  BOOST_TEST_MESSAGE("used map " << found.used.bytes() << ", btrfs-progs " << theirs.bytes());
}

void check_restored_btrfs(const stdfs::path& volume, const ExtentMap& used,
                          const stdfs::path& copy) {
  restore_onto_noise(volume, used, copy);
  const Outcome check = run({.argv = {"btrfs", "check", "--readonly", "--check-data-csum", copy}});
  BOOST_TEST(check.ok(), check.out + check.describe());
}

void check_restored_btrfs_tree(const stdfs::path& volume, const ExtentMap& used,
                               const TempDir& dir) {
  check_restored_btrfs(volume, used, dir / "copy");
  // Two mounted at a time would be taken for one filesystem.
  const FileTree before = btrfs_tree(volume, dir);
  BOOST_TEST(difference(btrfs_tree(dir / "copy", dir), before) == "same");
}

}  // namespace drydock::test
