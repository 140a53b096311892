#include "fs/fat_files.h"

#include <format>

namespace drydock::fs {
namespace {

constexpr std::uint64_t kFatRoot = 0;  // where the boot sector is, and so no entry
constexpr std::uint64_t kMostFatFolder = std::uint64_t{65536} * FatEntry::kBytes;

// The entries of one folder, with their names.
class FatLister {
 public:
  FatLister(FatBoot::Kind volume, const Files::Visit& visit) : volume_(volume), visit_(visit) {}

  // Whether there may be more.
  bool add(std::uint64_t offset, Bytes bytes) {
    if (bytes.empty()) {
      long_name_.forget();
      return true;
    }
    const FatEntry entry = FatEntry::decode(bytes, volume_);
    if (entry.kind == FatEntry::Kind::end) return false;
    if (entry.kind == FatEntry::Kind::long_name) {
      long_name_.add(bytes);
      return true;
    }
    std::string name = long_name_.take(bytes);
    if (entry.kind != FatEntry::Kind::file && entry.kind != FatEntry::Kind::folder) return true;
    if (name.empty()) name = fat_short_name(bytes);
    if (name.empty() || visit_(name, offset)) return true;
    stopped_ = true;
    return false;
  }

  bool stopped() const { return stopped_; }

 private:
  FatBoot::Kind volume_;
  const Files::Visit& visit_;
  FatLongName long_name_;
  bool stopped_ = false;
};

}  // namespace

FatFiles::FatFiles(const io::BlockSource& volume, const FatBoot& boot, FatTable& table)
    : ClusterFiles(volume, {boot.cluster_offset(2), boot.clusters, boot.cluster_bytes()}),
      boot_(boot),
      table_(table),
      fixed_root_{(boot.data_sector() - boot.root_sectors()) * boot.sector_bytes,
                  std::uint64_t{boot.root_entries} * FatEntry::kBytes} {}

Result<FileNode> FatFiles::root() {
  return FileNode{.kind = FileNode::Kind::folder, .id = kFatRoot};
}

Result<FileNode> FatFiles::node(std::uint64_t id) {
  if (id == kFatRoot) return root();
  const FatEntry found = TRY(entry(id));
  const bool folder = found.kind == FatEntry::Kind::folder;
  return FileNode{.kind = folder ? FileNode::Kind::folder : FileNode::Kind::file,
                  .id = id,
                  .bytes = found.bytes};
}

Result<FatEntry> FatFiles::entry(std::uint64_t id) {
  const bool inside = id >= fixed_root_.offset && id < area().end();
  if (inside && id % FatEntry::kBytes == 0) {
    const FatEntry found = FatEntry::decode(TRY(entry_at(id)), boot_.kind);
    if (found.kind == FatEntry::Kind::file || found.kind == FatEntry::Kind::folder) return found;
  }
  return fail(doubt(std::format("there is no file {}", id)));
}

Result<ClusterChain> FatFiles::chain_of(const FileNode& file) {
  ClusterChain chain{.first = boot_.root_cluster, .bytes = ClusterChain::kUnknown};
  if (file.id == kFatRoot) return chain;
  const FatEntry found = TRY(entry(file.id));
  chain.first = found.first_cluster;
  if (found.kind == FatEntry::Kind::file) chain.bytes = found.bytes;
  return chain;
}

Result<std::uint32_t> FatFiles::next_cluster(std::uint32_t cluster) {
  const std::uint32_t next = TRY(table_.at(cluster));
  if (table_.is_end(next)) return 0;
  if (table_.is_cluster(next)) return next;
  return fail(doubt(
      std::format("a chain of its FAT leads from cluster {} to {}, which is none", cluster, next)));
}

Result<void> FatFiles::list(const FileNode& folder, const Visit& visit) {
  if (folder.kind != FileNode::Kind::folder)
    return fail(doubt(std::format("file {} is no folder", folder.id)));
  FatLister lister(boot_.kind, visit);
  const VisitEntry add = [&](std::uint64_t at, Bytes entry) { return lister.add(at, entry); };
  const bool fixed = folder.id == kFatRoot && boot_.kind != FatBoot::Kind::fat32;
  const auto listed = fixed ? each_entry_in(fixed_root_, add)
                            : each_entry_of(TRY(chain_of(folder)), kMostFatFolder, add);
  if (lister.stopped()) return {};
  return listed;
}

}  // namespace drydock::fs
