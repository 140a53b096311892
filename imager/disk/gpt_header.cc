#include "disk/gpt_header.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "base/checked.h"
#include "base/hash.h"

namespace drydock::disk {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kHeaderCrc = 16;
constexpr std::size_t kOwnLba = 24;
constexpr std::size_t kOtherLba = 32;
constexpr std::size_t kFirstUsable = 40;
constexpr std::size_t kLastUsable = 48;
constexpr std::size_t kDiskGuid = 56;
constexpr std::size_t kEntriesLba = 72;
constexpr std::size_t kEntryCount = 80;
constexpr std::size_t kSizeOfEntry = 84;
constexpr std::size_t kEntriesCrc = 88;

// The CRC is taken over the header with its own field zero.
std::uint32_t header_crc(Bytes header) {
  std::vector<std::byte> copy(header.begin(), header.end());
  store_le<std::uint32_t>(&copy[kHeaderCrc], 0);
  return crc32(copy);
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(bad_input("GPT", what));
}

}  // namespace

std::uint64_t GptHeader::entries_sectors(std::uint32_t sector) const {
  return div_ceil<std::uint64_t>(entries_bytes(), sector);
}

bool has_gpt_signature(Bytes sector) {
  return ByteReader(sector).equals(0, "EFI PART");
}

Result<GptHeader> parse_gpt_header(Bytes sector, std::uint64_t lba) {
  const ByteReader reader(sector);
  if (!has_gpt_signature(sector)) return damaged("is missing");
  GptHeader header;
  header.header_bytes = reader.le32(kHeaderBytes);
  if (header.header_bytes < kGptHeaderBytes || header.header_bytes > sector.size())
    return damaged("has a header of an impossible size");
  if (reader.le32(kHeaderCrc) != header_crc(sector.first(header.header_bytes)))
    return damaged("has a header that does not match its checksum");
  header.own_lba = reader.le64(kOwnLba);
  header.other_lba = reader.le64(kOtherLba);
  header.first_usable = reader.le64(kFirstUsable);
  header.last_usable = reader.le64(kLastUsable);
  std::ranges::copy(reader.bytes(kDiskGuid, 16), header.disk_guid.begin());
  header.entries_lba = reader.le64(kEntriesLba);
  header.entry_count = reader.le32(kEntryCount);
  header.entry_bytes = reader.le32(kSizeOfEntry);
  header.entries_crc = reader.le32(kEntriesCrc);
  if (header.own_lba != lba) return damaged("was written for another place on the disk");
  if (header.entry_bytes < kGptEntryBytes || !std::has_single_bit(header.entry_bytes) ||
      header.entry_count == 0 || header.entries_bytes() > kMaxGptEntriesBytes)
    return damaged("has entries of an impossible size or number");
  if (header.first_usable > header.last_usable)
    return damaged("contradicts itself about where partitions may be");
  return header;
}

void put_gpt_header(MutableBytes sector, const GptHeader& header) {
  store_le(&sector[kOwnLba], header.own_lba);
  store_le(&sector[kOtherLba], header.other_lba);
  store_le(&sector[kFirstUsable], header.first_usable);
  store_le(&sector[kLastUsable], header.last_usable);
  std::ranges::copy(header.disk_guid, &sector[kDiskGuid]);
  store_le(&sector[kEntriesLba], header.entries_lba);
  store_le(&sector[kEntryCount], header.entry_count);
  store_le(&sector[kSizeOfEntry], header.entry_bytes);
  store_le(&sector[kEntriesCrc], header.entries_crc);
  store_le(&sector[kHeaderCrc], header_crc(sector.first(header.header_bytes)));
}

}  // namespace drydock::disk
