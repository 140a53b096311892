#include "fs/hfs.h"

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/hfs_catalog.h"
#include "fs/hfs_files.h"
#include "fs/hfs_header.h"
#include "fs/hfs_journal.h"
#include "fs/hfs_survey.h"
#include "fs/hfs_tree.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"
#include "io/slice.h"

namespace drydock::fs {
namespace {

// What lies at the start of a volume: HFS Plus, or plain HFS that may wrap it.
struct Found {
  std::optional<HfsMaster> master;
  std::optional<HfsHeader> plus;
  Extent inner;  // of the HFS Plus volume
};

Result<Found> find(const io::BlockSource& volume) {
  const auto header_at = [&](std::uint64_t start) {
    return naming(read_padded(volume, start + HfsHeader::kOffset, HfsHeader::kBytes),
                  "the HFS volume header");
  };
  Found found;
  const auto bytes = TRY(header_at(0));
  found.plus = HfsHeader::decode(bytes);
  found.inner = {0, volume.geometry().bytes};
  if (found.plus) return found;
  found.master = HfsMaster::decode(bytes);
  if (!found.master || !found.master->embedded) return found;
  found.inner = *found.master->embedded;
  found.plus = HfsHeader::decode(TRY(header_at(found.inner.offset)));
  return found;
}

// The alternate header (TN1150, "Volume Header") is a witness only where the other one cannot be
// read: what was left of an earlier filesystem could have it, too.
Result<Found> find_or_copy(const io::BlockSource& volume) {
  auto found = find(volume);
  if (found || found.error().code != Code::unreadable) return found;
  constexpr std::uint64_t kFromEnd = 1024;
  const std::uint64_t bytes = round_down<std::uint64_t>(volume.geometry().bytes, 512);
  if (bytes < kFromEnd) return found;
  const auto copy = read_padded(volume, bytes - kFromEnd, HfsHeader::kBytes);
  if (!copy) return found;
  auto plus = HfsHeader::decode(*copy);
  if (!plus) return found;
  return Found{.master = {}, .plus = std::move(plus), .inner = {0, volume.geometry().bytes}};
}

VolumeState state_of(const io::BlockSource& volume, const HfsHeader& header) {
  if (header.has(HfsHeader::kInconsistent) || header.has(HfsHeader::kBootInconsistent))
    return VolumeState::needs_check;
  if (!header.has(HfsHeader::kUnmounted)) return VolumeState::dirty;
  if (!header.has(HfsHeader::kJournaled)) return VolumeState::clean;
  const auto journal = HfsJournal::read(volume, header);
  if (!journal) return VolumeState::needs_check;
  return journal->empty ? VolumeState::clean : VolumeState::dirty;
}

// The root folder has the volume's name; its record is the first of the catalog. Empty when that
// is damaged: a label is no reason to fail.
std::string label_of(const io::BlockSource& volume, const HfsHeader& header) {
  constexpr std::uint32_t kRootParent = 1;
  std::string label;
  HfsForkReader catalog(volume, header, "the catalog file");
  HfsFork fork = header.catalog;
  fork.blocks =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(blocks_in(fork.extents), header.blocks));
  fork.bytes = std::min(fork.bytes, std::uint64_t{fork.blocks} * header.block_bytes);
  if (!catalog.append(fork.extents) || !catalog.complete(fork)) return label;
  (void)HfsTree(catalog).first_leaf([&](const ByteReader& key, const ByteReader&) -> Result<void> {
    if (key.be32(0) != kRootParent || !label.empty()) return {};
    label = printable(hfs_text(key.bytes(6, std::size_t{2} * key.be16(4))));
    return {};
  });
  return label;
}

VolumeInfo describe(const io::BlockSource& volume, const HfsHeader& header) {
  VolumeInfo info;
  info.filesystem = header.extended ? "HFSX" : "HFS+";
  info.uuid = header.id;
  info.state = state_of(volume, header);
  info.cluster = header.block_bytes;
  if (header.block_bytes < 512 || header.block_bytes > kGiB) return info;
  info.label = label_of(volume, header);
  set_counts(info, header.block_bytes, header.blocks, header.free_blocks);
  return info;
}

VolumeInfo describe(const HfsMaster& master) {
  constexpr std::uint16_t kUnmounted = 0x100;
  VolumeInfo info;
  info.filesystem = "HFS";
  info.label = master.label;
  info.cluster = master.block_bytes;
  info.total = std::uint64_t{master.blocks} * master.block_bytes;
  info.free = std::uint64_t{master.free_blocks} * master.block_bytes;
  if (master.free_blocks <= master.blocks) info.used = info.total - info.free;
  info.state =
      (master.attributes & kUnmounted) != 0 ? VolumeState::clean : VolumeState::needs_check;
  return info;
}

bool inside(Extent part, std::uint64_t volume_bytes) {
  return part.offset <= volume_bytes && part.length <= volume_bytes - part.offset;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_hfs(const io::BlockSource& volume) {
  const Found found = TRY(find_or_copy(volume));
  if (found.plus) return describe(io::SliceSource(volume, found.inner), *found.plus);
  if (found.master) return describe(*found.master);
  return std::nullopt;
}

Result<ExtentMap> used_hfs(const io::BlockSource& volume) {
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  const Found found = TRY(find(volume));
  if (!found.plus) {
    if (found.master && found.master->embedded)
      return fail(doubt("it wraps an HFS Plus volume that is not where it should be"));
    return fail(doubt("Drydock has no allocation-map reader for HFS yet"));
  }
  if (!inside(found.inner, volume_bytes))
    return fail(doubt("it wraps an HFS Plus volume that reaches beyond its end"));
  const io::SliceSource inner(volume, found.inner);
  TRY(found.plus->check(inner.geometry().bytes));
  const ExtentMap in_use = TRY(HfsSurvey(inner, *found.plus).run());

  // Boot blocks and volume header, the alternate header at the end, and what lies outside.
  UsedMap outside(volume_bytes);
  constexpr std::uint64_t kTail = 1024;
  const std::uint64_t end = found.inner.offset + found.plus->total_bytes();
  const std::uint64_t tail = end - std::min(kTail, found.plus->total_bytes());
  outside.keep(0, found.inner.offset + HfsHeader::kOffset + HfsHeader::kBytes);
  outside.keep(tail, volume_bytes - tail);
  return in_use.shifted(found.inner.offset).united(std::move(outside).take());
}

Result<void> files_hfs(const io::BlockSource& volume, const VisitFiles& visit) {
  const Found found = TRY(find_or_copy(volume));
  if (!found.plus) return fail(doubt("Drydock reads no files of plain HFS"));
  TRY(found.plus->check_blocks());
  const Extent inner = intersection(found.inner, {0, volume.geometry().bytes});
  HfsFiles files(volume, inner, *found.plus);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
