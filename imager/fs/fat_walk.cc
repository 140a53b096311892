#include "fs/fat_walk.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "fs/fat_entry.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMostFolders = std::size_t{1} << 20;

}  // namespace

Result<void> FatWalk::run() {
  if (boot_.kind != FatBoot::Kind::fat32)
    TRY(walk_fixed_root());
  else
    folders_.push_back(boot_.root_cluster);
  while (!folders_.empty()) {
    const std::uint32_t first = folders_.back();
    folders_.pop_back();
    TRY(walk_folder(first));
  }
  return {};
}

Result<void> FatWalk::walk_fixed_root() {
  buffer_.resize(std::size_t{boot_.root_entries} * FatEntry::kBytes);
  const std::uint64_t at = (boot_.data_sector() - boot_.root_sectors()) * boot_.sector_bytes;
  TRY(naming(volume_.read_at(at, buffer_), "the root directory"));
  TRY(walk_entries(buffer_));
  return {};
}

Result<void> FatWalk::walk_folder(std::uint32_t first) {
  bool more = true;
  for (std::uint32_t cluster = first; cluster != 0;) {
    // Counts it and checks it before anything is read from it.
    const std::uint32_t behind = TRY(next(cluster));
    if (more) {
      buffer_.resize(boot_.cluster_bytes());
      TRY(naming(volume_.read_at(boot_.cluster_offset(cluster), buffer_),
                 std::format("the folder in cluster {}", cluster)));
      more = TRY(walk_entries(buffer_));
    }
    cluster = behind;
  }
  return {};
}

Result<bool> FatWalk::walk_entries(Bytes entries) {
  constexpr std::size_t kEach = FatEntry::kBytes;
  for (std::size_t at = 0; at + kEach <= entries.size(); at += kEach) {
    const FatEntry entry = FatEntry::decode(entries.subspan(at, kEach), boot_.kind);
    if (entry.kind == FatEntry::Kind::end) return false;
    if (entry.kind == FatEntry::Kind::file) TRY(walk_file(entry.first_cluster, entry.bytes));
    if (entry.kind != FatEntry::Kind::folder) continue;
    if (folders_.size() >= kMostFolders) return fail(doubt("it has too many folders"));
    folders_.push_back(entry.first_cluster);
  }
  return true;
}

Result<void> FatWalk::walk_file(std::uint32_t first, std::uint64_t bytes) {
  if (first == 0 && bytes == 0) return {};
  std::uint64_t length = 0;
  for (std::uint32_t cluster = first; length == 0 || cluster != 0; ++length)
    cluster = TRY(next(cluster));
  const std::uint64_t needed = div_ceil<std::uint64_t>(bytes, boot_.cluster_bytes());
  if (length >= needed) return {};
  return fail(doubt(std::format("the file in cluster {} needs {} clusters but its chain has {}",
                                first, needed, length)));
}

Result<std::uint32_t> FatWalk::next(std::uint32_t cluster) {
  if (!table_.is_cluster(cluster))
    return fail(doubt(
        std::format("a chain of its FAT leads to cluster {}, which does not exist", cluster)));
  const std::uint32_t entry = TRY(table_.at(cluster));
  if (entry == 0)
    return fail(
        doubt(std::format("cluster {} belongs to a file but its FAT calls it free", cluster)));
  // Also ends chains that lead in a circle.
  if (++reached_ > table_.used())
    return fail(
        doubt(std::format("its files have more clusters than the {} that its FAT has in "
                          "use: some are in two chains",
                          table_.used())));
  return table_.is_end(entry) ? 0 : entry;
}

}  // namespace drydock::fs
