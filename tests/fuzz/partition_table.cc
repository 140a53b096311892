// Partition tables of any content: reading one must keep the promises of core/layout.h, and fitting
// one to another size must never touch a partition.
//
// The input: one byte of flags, the disk's length and that of its head in sectors of 512 bytes
// (16 and 8 bits, little-endian), the bytes of the head; all the rest stands at the disk's end.

#include <algorithm>
#include <cstdint>
#include <set>

#include "base/hash.h"
#include "disk/fit.h"
#include "disk/gpt.h"
#include "disk/layout.h"
#include "fuzz/demand.h"
#include "io/memory_disk.h"

namespace drydock {
namespace {

constexpr unsigned kLargeSectors = 1;  // the disk says that its sectors have 4096 bytes
constexpr unsigned kMendGpt = 2;       // checksums of a GPT are made right first

constexpr std::uint64_t kMaxSectors = 256;

using test::demand;

void mend_gpt(MutableBytes disk, std::uint64_t lba, std::uint64_t sector) {
  if (disk.size() / sector <= lba) return;
  const MutableBytes header = disk.subspan(lba * sector, sector);
  const ByteReader reader(header);
  const std::uint64_t entries = reader.le64(72);
  const std::uint64_t bytes = std::uint64_t{reader.le32(80)} * reader.le32(84);
  const std::uint32_t header_bytes = reader.le32(12);
  if (!reader.equals(0, "EFI PART") || header_bytes < 92 || header_bytes > sector) return;
  if (entries <= disk.size() / sector && bytes <= disk.size() - entries * sector)
    store_le(&header[88], crc32(disk.subspan(entries * sector, bytes)));
  store_le<std::uint32_t>(&header[16], 0);
  store_le(&header[16], crc32(header.first(header_bytes)));
}

io::MemoryDisk disk_of(Bytes input) {
  const ByteReader reader(input);
  const unsigned flags = reader.u8(0);
  const std::uint64_t sectors = reader.le16(1) % kMaxSectors;
  const std::uint64_t head =
      std::min<std::uint64_t>({reader.u8(3) * std::uint64_t{512}, input.size() - 4, sectors * 512});
  io::MemoryDisk disk(sectors * 512, flags & kLargeSectors ? 4096 : 512);
  std::ranges::copy(input.subspan(4, head), disk.content().begin());
  const Bytes tail = input.subspan(4 + head);
  const std::uint64_t length = std::min<std::uint64_t>(tail.size(), sectors * 512 - head);
  std::ranges::copy(tail.first(length), disk.content().end() - static_cast<std::ptrdiff_t>(length));
  if (flags & kMendGpt) {
    for (const std::uint64_t sector : {512, 4096}) {
      mend_gpt(disk.content(), 1, sector);
      mend_gpt(disk.content(), sectors * 512 / sector - 1, sector);
    }
  }
  return disk;
}

void check_layout(const Layout& layout, std::uint64_t bytes) {
  std::uint64_t end = 0;
  std::set<unsigned> numbers;
  for (const Partition& partition : layout.partitions) {
    demand(partition.extent.offset >= end);
    demand(partition.extent.length > 0 || bytes == 0);
    demand(partition.extent.offset <= bytes);
    demand(partition.extent.length <= bytes - partition.extent.offset);
    demand((partition.number == 0) == (layout.table == TableKind::none));
    demand(numbers.insert(partition.number).second);
    end = partition.extent.end();
  }
  if (layout.table == TableKind::none) demand(layout.partitions.size() == 1);
  demand(layout.table_areas.end() <= bytes);
  demand(layout.notes.size() < 40);
}

void check_fit(const io::MemoryDisk& image, const Layout& layout, std::uint64_t target_bytes) {
  const Geometry& geometry = image.geometry();
  const auto fit =
      disk::fit(image, layout, {target_bytes, geometry.logical_sector, geometry.physical_sector});
  if (target_bytes >= geometry.bytes) demand(fit.has_value());
  if (!fit) return;
  demand(fit->bytes == std::min(geometry.bytes, target_bytes));
  for (const Partition& partition : layout.partitions) {
    if (layout.table != TableKind::none) demand(partition.extent.end() <= target_bytes);
  }
  io::MemoryDisk target(target_bytes, geometry.logical_sector);
  demand(target.write_at(0, image.content().first(fit->bytes)).has_value());
  for (const disk::Patch& patch : fit->patches) {
    demand(target.write_at(patch.offset, patch.bytes).has_value());
    // Only the table's own first sectors may lie in a partition: that of a hybrid ISO image.
    const Extent extent{patch.offset, patch.bytes.size()};
    for (const Partition& partition : layout.partitions)
      demand(intersection(partition.extent, extent).length == 0 || patch.offset <= 4096);
  }
  if (fit->patches.empty()) return;
  // A damaged primary stays so where a partition leaves no room for it.
  const auto gpt = disk::find_gpt(target);
  demand(gpt && gpt->backup && gpt->backup_lba == gpt->sectors - 1);
  demand(gpt->primary || !disk::find_gpt(image)->primary);
  demand(disk::read_layout(target).has_value());
}

void run(Bytes input) {
  if (input.size() < 4) return;
  const io::MemoryDisk disk = disk_of(input);
  const std::uint64_t bytes = disk.geometry().bytes;
  const auto layout = disk::read_layout(disk);
  if (!layout) {
    demand(!layout.error().what.empty());
    return;
  }
  check_layout(*layout, bytes);
  for (const std::uint64_t target : {bytes, bytes + 512, bytes + 40 * 4096, bytes / 2, bytes - 512})
    if (target <= bytes + 40 * 4096) check_fit(disk, *layout, target);
}

}  // namespace
}  // namespace drydock

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  drydock::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
