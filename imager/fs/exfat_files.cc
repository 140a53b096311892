#include "fs/exfat_files.h"

#include <algorithm>
#include <format>

#include "fs/exfat_folders.h"
#include "fs/exfat_set.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kExfatRoot = 0;  // where the boot sector is, and so no entry
constexpr std::uint64_t kMostExfatFolder = 256 * kMiB;

}  // namespace

ExfatFiles::ExfatFiles(const io::BlockSource& volume, const ExfatBoot& boot)
    : ClusterFiles(volume, {boot.heap_offset, boot.clusters, boot.cluster_bytes}),
      boot_(boot),
      fat_(volume, 64 * kKiB) {}

Result<FileNode> ExfatFiles::root() {
  return FileNode{.kind = FileNode::Kind::folder, .id = kExfatRoot};
}

Result<FileNode> ExfatFiles::node(std::uint64_t id) {
  if (id == kExfatRoot) return root();
  return FileNode{.kind = id % 2 != 0 ? FileNode::Kind::folder : FileNode::Kind::file,
                  .id = id,
                  .bytes = TRY(stream(id)).bytes};
}

Result<ExfatFiles::Stream> ExfatFiles::stream(std::uint64_t id) {
  constexpr std::uint8_t kNoFatChain = 2;
  const std::uint64_t at = id & ~std::uint64_t{1};
  if (at >= area().offset && at < area().end() && at % ExfatEntry::kBytes == 0) {
    const ByteReader f(TRY(entry_at(at)));
    if (f.u8(0) == ExfatEntry::kStream) {
      const std::uint64_t bytes = f.le64(24);
      return Stream{.written = {.first = f.le32(20),
                                .bytes = std::min(bytes, f.le64(8)),
                                .in_a_row = (f.u8(1) & kNoFatChain) != 0},
                    .bytes = bytes};
    }
  }
  return fail(doubt(std::format("there is no file {}", id)));
}

Result<ClusterChain> ExfatFiles::chain_of(const FileNode& file) {
  if (file.id == kExfatRoot)
    return ClusterChain{.first = boot_.root_cluster, .bytes = ClusterChain::kUnknown};
  const Stream found = TRY(stream(file.id));
  ClusterChain chain = found.written;
  if (file.kind == FileNode::Kind::folder) chain.bytes = found.bytes;
  return chain;
}

Result<std::uint32_t> ExfatFiles::next_cluster(std::uint32_t cluster) {
  const std::uint32_t next = TRY(exfat_next(boot_, fat_, cluster));
  if (next == kExfatEnd) return 0;
  if (boot_.is_cluster(next)) return next;
  return fail(doubt(
      std::format("a chain of it leads from cluster {} to {}, which is none", cluster, next)));
}

Result<void> ExfatFiles::list(const FileNode& folder, const Visit& visit) {
  if (folder.kind != FileNode::Kind::folder)
    return fail(doubt(std::format("file {} is no folder", folder.id)));
  ExfatSet set;
  bool stopped = false;
  const auto listed =
      each_entry_of(TRY(chain_of(folder)), kMostExfatFolder, [&](std::uint64_t at, Bytes entry) {
        if (entry.empty()) set.cut();
        if (entry.empty()) return true;
        if (entry[0] == std::byte{ExfatEntry::kEndOfFolder}) return false;
        set.add(at, entry);
        const auto file = set.take();
        stopped = file && !visit(file->name, file->stream | (file->folder ? 1 : 0));
        return !stopped;
      });
  if (stopped) return {};
  TRY(listed);
  set.cut();
  if (set.damaged()) return fail(doubt(std::format("entries of folder {} are damaged", folder.id)));
  return {};
}

}  // namespace drydock::fs
