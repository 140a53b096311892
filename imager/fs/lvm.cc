#include "fs/lvm.h"

#include <format>

#include "fs/driver.h"
#include "fs/lvm_group.h"
#include "fs/lvm_label.h"
#include "fs/lvm_source.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

// A physical volume, and the group it belongs to: nothing when it belongs to none.
struct Physical {
  LvmLabel label;
  std::optional<LvmGroup> group;
};

Result<Physical> read_physical(const io::BlockSource& volume) {
  auto label = TRY(LvmLabel::read(volume));
  if (!label) return fail(doubt("its LVM label has gone"));
  const std::uint64_t bytes = volume.geometry().bytes;
  TRY(label->check(bytes));
  const std::string metadata = TRY(read_lvm_metadata(volume, *label));
  Physical found{std::move(*label), std::nullopt};
  if (metadata.empty()) {
    // Before version 2 the label did not tell, and the metadata may be empty because they are lost.
    if (found.label.extension < 2 || found.label.belongs_to_group())
      return fail(doubt("no volume group is written on it, though one may use it"));
    return found;
  }
  if (found.label.extension >= 2 && !found.label.belongs_to_group())
    return fail(
        doubt("its LVM label says that no volume group uses it, its metadata that one does"));
  found.group = TRY(LvmGroup::read(metadata, found.label, bytes));
  return found;
}

// The disk of a virtual machine, of whose partition table this layer knows nothing: a driver that
// recognises something on it sees a leftover.
Result<bool> has_table(const io::BlockSource& volume, std::string_view filesystem) {
  // Their own boot sectors look much like a table's.
  if (filesystem.starts_with("FAT") || filesystem == "NTFS" || filesystem == "exFAT") return false;
  const auto bytes = TRY(read_padded(volume, 0, 4096 + 512));
  const ByteReader f(bytes);
  constexpr std::size_t kEntries = 446;
  if (f.le16(510) == 0xAA55)
    for (std::size_t i = 0; i < 4; ++i)
      if (f.u8(kEntries + 16 * i + 4) != 0 && f.le32(kEntries + 16 * i + 12) != 0) return true;
  return f.equals(512, "EFI PART") || f.equals(4096, "EFI PART") || f.equals(512, "PM");
}

// The files of a logical volume; where they lie is told for the physical one.
class LvmFiles : public Files {
 public:
  LvmFiles(Files& files, const LvmSource& source) : files_(files), source_(source) {}

  Result<FileNode> root() override { return files_.root(); }
  Result<FileNode> node(std::uint64_t id) override { return files_.node(id); }
  Result<void> list(const FileNode& folder, const Visit& visit) override {
    return files_.list(folder, visit);
  }
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override {
    return files_.read(file, offset, into);
  }
  Result<std::optional<std::uint64_t>> find(const FileNode& folder,
                                            std::string_view name) override {
    return files_.find(folder, name);
  }
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override {
    return files_.pieces(file, [&](const FilePiece& piece) {
      std::uint64_t at = piece.in_file.offset;
      source_.each_place(piece.on_volume, [&](Extent place) {
        if (piece.packed) return visit({piece.in_file, place, true});
        visit({{at, place.length}, place});
        at += place.length;
      });
    });
  }

 private:
  Files& files_;
  const LvmSource& source_;
};

InnerVolume look_into(const io::BlockSource& physical, const LvmVolume& volume, UsedMap& used) {
  InnerVolume inner{.name = volume.name,
                    .bytes = volume.bytes,
                    .info = {},
                    .whole_reason = volume.whole_reason,
                    .kept = volume.here.bytes()};
  const auto whole = [&](std::string reason) {
    inner.whole_reason = std::move(reason);
    for (const Extent& extent : volume.here.extents()) used.keep(extent.offset, extent.length);
    return inner;
  };
  if (!inner.whole_reason.empty()) return whole(inner.whole_reason);

  const LvmSource source(physical, volume);
  // Before the drivers are asked: the one for LVM must not be entered again.
  if (const auto label = LvmLabel::read(source); !label || *label)
    return whole(label ? "it holds a physical volume of LVM itself" : label.error().what);
  Partition place;
  place.extent = {0, volume.bytes};
  Volume found = survey(source, place);
  inner.info = std::move(found.info);
  if (!found.whole_reason.empty()) return whole(std::move(found.whole_reason));
  const auto table = has_table(source, inner.info.filesystem);
  if (!table || *table)
    return whole(table ? "it is a disk with partitions itself" : table.error().what);
  source.keep_on_physical(found.used, used);
  inner.kept = found.used.bytes();
  return inner;
}

void keep_outside(const Extent& data, std::uint64_t volume_bytes, UsedMap& used) {
  used.keep(0, data.offset);
  used.keep(data.end(), volume_bytes - data.end());
}

// Where the extents of a physical volume begin to which no group has given a number of them.
Result<Extent> unused_data(const LvmLabel& label, std::uint64_t volume_bytes) {
  const Extent told = label.data.front();
  if (told.offset > volume_bytes || told.offset < LvmLabel::kSectors * LvmLabel::kSector)
    return fail(doubt("its LVM label is damaged (data area)"));
  for (const auto* areas : {&label.metadata, &label.bootloader})
    for (const Extent& area : *areas)
      if (area.offset > volume_bytes || area.length > volume_bytes - area.offset)
        return fail(doubt("its LVM label is damaged (areas)"));
  return Extent{told.offset, volume_bytes - told.offset};
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_lvm2(const io::BlockSource& volume) {
  const auto label = TRY(LvmLabel::read(volume));
  if (!label) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "LVM2";
  info.uuid = lvm_uuid(label->id);
  info.total = label->device_bytes;
  const auto physical = read_physical(volume);
  if (!physical || !physical->group) return info;
  const LvmGroup& group = *physical->group;
  info.label = group.name;
  if (group.extent_bytes <= UINT32_MAX)
    info.cluster = static_cast<std::uint32_t>(group.extent_bytes);
  info.total = group.data.length;
  for (const LvmVolume& each : group.volumes) info.used += each.here.bytes();
  info.free = info.total - info.used;
  return info;
}

Result<Contents> contents_lvm2(const io::BlockSource& volume) {
  const std::uint64_t bytes = volume.geometry().bytes;
  const Physical physical = TRY(read_physical(volume));
  const Extent data =
      physical.group ? physical.group->data : TRY(unused_data(physical.label, bytes));
  UsedMap used(bytes);
  keep_outside(data, bytes, used);
  for (const auto* areas : {&physical.label.metadata, &physical.label.bootloader})
    for (const Extent& area : *areas) used.keep(area.offset, area.length);
  Contents contents;
  if (physical.group)
    for (const LvmVolume& each : physical.group->volumes)
      contents.volumes.push_back(look_into(volume, each, used));
  contents.used = std::move(used).take();
  return contents;
}

Result<void> files_lvm2(const io::BlockSource& volume, const VisitFiles& visit) {
  const Physical physical = TRY(read_physical(volume));
  if (!physical.group) return {};
  Result<void> all;
  for (const LvmVolume& each : physical.group->volumes) {
    if (!each.whole_reason.empty()) continue;
    const LvmSource source(volume, each);
    if (const auto label = LvmLabel::read(source); !label || *label) continue;
    const Driver* const driver = driver_of(source);
    if (driver == nullptr || driver->files == nullptr) continue;
    bool more = true;
    auto visited = driver->files(source, [&](Files& files, const FileNode& root, auto path) {
      LvmFiles here(files, source);
      auto go_on = visit(here, root, each.name + ":" + std::string(path));
      if (go_on) more = *go_on;
      return go_on;
    });
    if (!more) return {};
    if (!visited && all) all = naming(std::move(visited), "logical volume " + each.name);
  }
  return all;
}

}  // namespace drydock::fs
