#include "unit/fs/ntfs_builder.h"

#include <algorithm>

#include "fs/ntfs.h"
#include "unit/fs/fs_builders.h"

namespace drydock::test {
namespace {

using fs::NtfsAttribute;

void copy_into(MutableBytes place, std::size_t at, Bytes bytes) {
  std::ranges::copy(bytes, place.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<std::byte> index_entry(std::string_view name, std::uint64_t record) {
  constexpr std::size_t kName = 0x52;
  const std::size_t length = (kName + name.size() * 2 + 7) / 8 * 8;
  std::vector<std::byte> entry(length);
  store_le<std::uint64_t>(entry.data(), fs::NtfsReference{record, 1}.packed());
  store_le(entry.data() + 8, static_cast<std::uint16_t>(length));
  store_le(entry.data() + 10, static_cast<std::uint16_t>(kName - 16 + name.size() * 2));
  entry[kName - 2] = static_cast<std::byte>(name.size());
  copy_into(entry, kName, utf16_of(name));
  return entry;
}

// The last one of a node, with the block of what comes before it where there is one.
std::vector<std::byte> last_entry(std::optional<std::uint64_t> child) {
  std::vector<std::byte> entry(child ? 24 : 16);
  store_le(entry.data() + 8, static_cast<std::uint16_t>(entry.size()));
  store_le<std::uint16_t>(entry.data() + 12, child ? 3 : 2);
  if (child) store_le(entry.data() + 16, *child);
  return entry;
}

std::vector<std::byte> index_root(std::optional<std::uint64_t> child) {
  constexpr std::size_t kEntries = 32;
  std::vector<std::byte> value(kEntries);
  value.append_range(last_entry(child));
  store_le<std::uint32_t>(value.data(), NtfsAttribute::kFileName);
  store_le<std::uint32_t>(value.data() + 8, 4096);
  store_le<std::uint32_t>(value.data() + 16, 16);
  store_le(value.data() + 20, static_cast<std::uint32_t>(value.size() - 16));
  store_le(value.data() + 24, static_cast<std::uint32_t>(value.size() - 16));
  value[28] = child ? std::byte{1} : std::byte{0};
  return value;
}

}  // namespace

NtfsTestVolume::NtfsTestVolume() {
  put_text(disk, 3, "NTFS    ");
  put16(disk, 0x0B, 512);
  byte(0x0D) = 1;
  put64(disk, 0x28, kClusters);
  put64(disk, 0x30, kMft);
  put64(disk, 0x38, kMirror);
  byte(0x40) = 2;
  byte(0x44) = 8;
  put64(disk, 0x48, 0x1122334455667788);
  put16(disk, 510, 0xAA55);

  constexpr std::uint64_t kRecords = 32;
  put(0, NtfsRecordMaker().runs(NtfsAttribute::kData, ntfs_runs({{kMft, kRecords * 2}}),
                                kRecords * kRecord));
  put(1, NtfsRecordMaker().runs(NtfsAttribute::kData, ntfs_runs({{kMirror, 8}}), 4 * kRecord));
  put(2, NtfsRecordMaker().runs(NtfsAttribute::kData, ntfs_runs({{kLog, 32}}), 32 * kCluster));
  put_volume_file(3, 1, 0);
  put(4, NtfsRecordMaker().in_use(0));
  put(5, NtfsRecordMaker()
             .in_use(3)
             .resident(NtfsAttribute::kIndexRoot, index_root(0), "$I30")
             .runs(NtfsAttribute::kIndexAllocation, ntfs_runs({{kFolderBlock, 8}}), 4096, "$I30")
             .resident(NtfsAttribute::kBitmap, as_bytes("\1"), "$I30"));
  put(6, NtfsRecordMaker().runs(NtfsAttribute::kData, ntfs_runs({{kBitmap, 1}}), kClusters / 8));
  put(24, NtfsRecordMaker().runs(NtfsAttribute::kData, ntfs_runs({{500, 10}, {0, 5}, {600, 1}}),
                                 16 * kCluster, {}, NtfsAttribute::kSparse));
  put_root_names({{"a file", 24}});
  std::ranges::fill(disk.content().subspan(kLog * kCluster, 32 * kCluster), std::byte{0xFF});

  use(0, 16);
  use(kMft, kRecords * 2);
  use(kMirror, 8);
  use(kLog, 32);
  use(kBitmap, 1);
  use(kFolderBlock, 8);
  use(500, 10);
  use(600, 1);
}

void NtfsTestVolume::put(std::uint64_t number, const NtfsRecordMaker& record) {
  const auto bytes = record.sealed();
  copy_into(disk.content(), record_at(number), bytes);
  if (number < 4) copy_into(disk.content(), kMirror * kCluster + number * kRecord, bytes);
}

void NtfsTestVolume::use(std::uint64_t first, std::uint64_t count, bool used) {
  for (std::uint64_t cluster = first; cluster < first + count; ++cluster) {
    const auto bit = static_cast<std::uint8_t>(1u << cluster % 8);
    std::uint8_t& bits = byte(kBitmap * kCluster + cluster / 8);
    bits = static_cast<std::uint8_t>(used ? bits | bit : bits & ~bit);
  }
}

void NtfsTestVolume::put_volume_file(std::uint8_t major, std::uint8_t minor, std::uint16_t flags) {
  std::vector<std::byte> facts(12);
  facts[8] = std::byte{major};
  facts[9] = std::byte{minor};
  store_le(facts.data() + 10, flags);
  put(3, NtfsRecordMaker()
             .resident(NtfsAttribute::kVolumeName, utf16_of("Tiny"))
             .resident(NtfsAttribute::kVolumeInformation, facts));
}

void NtfsTestVolume::put_restart(unsigned page, std::uint64_t sequence, bool clean,
                                 std::uint16_t major) {
  constexpr std::size_t kArea = 0x30;
  std::vector<std::byte> bytes(4096);
  copy_into(bytes, 0, as_bytes("RSTR"));
  store_le<std::uint16_t>(bytes.data() + 4, 0x1E);
  store_le<std::uint16_t>(bytes.data() + 6, 9);
  store_le<std::uint16_t>(bytes.data() + 24, kArea);
  store_le(bytes.data() + 28, major);
  store_le(bytes.data() + kArea, sequence);
  store_le<std::uint16_t>(bytes.data() + kArea + 12, 0);  // a client has it open
  store_le<std::uint16_t>(bytes.data() + kArea + 14, clean ? 2 : 0);
  protect_ntfs(bytes);
  copy_into(disk.content(), kLog * kCluster + std::uint64_t{page} * 4096, bytes);
}

void NtfsTestVolume::put_root_names(const std::vector<std::pair<std::string, std::uint64_t>>& names,
                                    std::optional<std::uint64_t> child) {
  constexpr std::size_t kHeader = 0x18;
  constexpr std::size_t kEntries = 0x28;  // from the header on
  std::vector<std::byte> block(kHeader + kEntries);
  copy_into(block, 0, as_bytes("INDX"));
  store_le<std::uint16_t>(block.data() + 4, 0x28);
  store_le<std::uint16_t>(block.data() + 6, 9);
  store_le<std::uint32_t>(block.data() + kHeader, kEntries);
  for (const auto& [name, record] : names) block.append_range(index_entry(name, record));
  block.append_range(last_entry(child));
  block.resize(4096);
  protect_ntfs(block);
  copy_into(disk.content(), kFolderBlock * kCluster, block);
}

void NtfsTestVolume::put_file(const std::string& name, std::string_view contents) {
  put(25, NtfsRecordMaker().resident(NtfsAttribute::kData, as_bytes(contents)));
  put_root_names({{"a file", 24}, {name, 25}});
}

std::string NtfsTestVolume::reason() const {
  const auto used = fs::used_ntfs(disk);
  return used ? "" : used.error().what;
}

ExtentMap NtfsTestVolume::expected() const {
  const auto clusters = [](std::uint64_t first, std::uint64_t count) {
    return Extent{first * kCluster, count * kCluster};
  };
  return ExtentMap::from({clusters(0, 16), clusters(kMft, 64), clusters(kMirror, 8),
                          clusters(kLog, 32), clusters(kBitmap, 1), clusters(kFolderBlock, 8),
                          clusters(500, 10), clusters(600, 1), clusters(kClusters, 1)});
}

}  // namespace drydock::test
