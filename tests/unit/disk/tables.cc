#include "unit/disk/tables.h"

#include <algorithm>
#include <charconv>
#include <format>

#include "base/hash.h"

namespace drydock::disk::test {
namespace {

std::byte* at(io::MemoryDisk& disk, std::uint64_t offset) {
  return &disk.content()[offset];
}

void put_text(io::MemoryDisk& disk, std::uint64_t offset, std::string_view text) {
  std::ranges::copy(as_bytes(text), at(disk, offset));
}

// The bytes of a GUID as a GPT has them: the first three groups little-endian.
void put_guid(io::MemoryDisk& disk, std::uint64_t offset, std::string_view text) {
  static constexpr std::array<std::size_t, 16> kDigits{6,  4,  2,  0,  11, 9,  16, 14,
                                                       19, 21, 24, 26, 28, 30, 32, 34};
  for (std::size_t i = 0; i < 16; ++i) {
    unsigned value = 0;
    std::from_chars(&text[kDigits[i]], &text[kDigits[i]] + 2, value, 16);
    *at(disk, offset + i) = static_cast<std::byte>(value);
  }
}

struct Places {
  std::uint64_t own, other, entries;
};

void put_copy(io::MemoryDisk& disk, const GptSpec& spec, const Places& places,
              std::uint64_t sectors) {
  const std::uint64_t entries_bytes = std::uint64_t{spec.entry_count} * spec.entry_bytes;
  const std::uint64_t entries_sectors = (entries_bytes + spec.sector - 1) / spec.sector;
  const std::uint64_t entries = places.entries * spec.sector;
  for (std::size_t i = 0; i < spec.parts.size(); ++i) {
    const GptPart& part = spec.parts[i];
    const std::uint64_t entry = entries + i * spec.entry_bytes;
    if (part.type.empty()) continue;
    put_guid(disk, entry, part.type);
    put_guid(disk, entry + 16, std::format("00000000-0000-0000-0000-{:012x}", i + 1));
    store_le<std::uint64_t>(at(disk, entry + 32), part.first);
    store_le<std::uint64_t>(at(disk, entry + 40), part.last);
    for (std::size_t c = 0; c < part.name.size(); ++c)
      *at(disk, entry + 56 + 2 * c) = static_cast<std::byte>(part.name[c]);
  }
  const std::uint64_t header = places.own * spec.sector;
  put_text(disk, header, "EFI PART");
  store_le<std::uint32_t>(at(disk, header + 8), 0x00010000);
  store_le<std::uint32_t>(at(disk, header + 12), 92);
  store_le<std::uint32_t>(at(disk, header + 16), 0);
  store_le<std::uint64_t>(at(disk, header + 24), places.own);
  store_le<std::uint64_t>(at(disk, header + 32), places.other);
  store_le<std::uint64_t>(at(disk, header + 40), 2 + entries_sectors);
  store_le<std::uint64_t>(at(disk, header + 48), sectors - entries_sectors - 2);
  put_guid(disk, header + 56, "12345678-9abc-def0-1122-334455667788");
  store_le<std::uint64_t>(at(disk, header + 72), places.entries);
  store_le<std::uint32_t>(at(disk, header + 80), spec.entry_count);
  store_le<std::uint32_t>(at(disk, header + 84), spec.entry_bytes);
  store_le<std::uint32_t>(at(disk, header + 88),
                          crc32(Bytes(disk.content()).subspan(entries, entries_bytes)));
  store_le<std::uint32_t>(at(disk, header + 16), crc32(Bytes(disk.content()).subspan(header, 92)));
}

}  // namespace

void put_gpt(io::MemoryDisk& disk, const GptSpec& spec) {
  const std::uint64_t sectors = disk.geometry().bytes / spec.sector;
  const std::uint64_t entries_sectors =
      (std::uint64_t{spec.entry_count} * spec.entry_bytes + spec.sector - 1) / spec.sector;
  put_mbr(disk, 0, {{0xEE, 1, static_cast<std::uint32_t>(sectors - 1)}}, 0, spec.sector);
  put_copy(disk, spec, {1, sectors - 1, 2}, sectors);
  put_copy(disk, spec, {sectors - 1, 1, sectors - 1 - entries_sectors}, sectors);
}

io::MemoryDisk with_gpt() {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = kGptParts});
  return disk;
}

void put_mbr(io::MemoryDisk& disk, std::uint64_t lba, const std::vector<MbrPart>& parts,
             std::uint32_t signature, std::uint32_t sector) {
  const std::uint64_t start = lba * sector;
  store_le<std::uint32_t>(at(disk, start + 440), signature);
  scribble(disk, start + 446, 64, 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t entry = start + 446 + i * 16;
    *at(disk, entry) = static_cast<std::byte>(parts[i].flag);
    *at(disk, entry + 4) = static_cast<std::byte>(parts[i].type);
    store_le<std::uint32_t>(at(disk, entry + 8), parts[i].first);
    store_le<std::uint32_t>(at(disk, entry + 12), parts[i].sectors);
  }
  store_le<std::uint16_t>(at(disk, start + 510), 0xAA55);
}

void put_apm(io::MemoryDisk& disk, const std::vector<ApmPart>& parts, std::uint32_t block) {
  put_text(disk, 0, "ER");
  store_be<std::uint16_t>(at(disk, 2), static_cast<std::uint16_t>(block));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t entry = (i + 1) * block;
    put_text(disk, entry, "PM");
    store_be<std::uint32_t>(at(disk, entry + 4), static_cast<std::uint32_t>(parts.size()));
    store_be<std::uint32_t>(at(disk, entry + 8), parts[i].first);
    store_be<std::uint32_t>(at(disk, entry + 12), parts[i].blocks);
    put_text(disk, entry + 16, parts[i].name);
    put_text(disk, entry + 48, parts[i].type);
  }
}

void put_fat_boot_sector(io::MemoryDisk& disk, std::uint64_t offset) {
  put_text(disk, offset, "\xEB\x3C\x90MSDOS5.0");
  store_le<std::uint16_t>(at(disk, offset + 11), 512);
  *at(disk, offset + 13) = std::byte{4};
  store_le<std::uint16_t>(at(disk, offset + 14), 1);
  *at(disk, offset + 16) = std::byte{2};
  *at(disk, offset + 21) = std::byte{0xF8};
  store_le<std::uint16_t>(at(disk, offset + 510), 0xAA55);
}

void scribble(io::MemoryDisk& disk, std::uint64_t offset, std::uint64_t length, unsigned byte) {
  std::ranges::fill(disk.content().subspan(offset, length), static_cast<std::byte>(byte));
}

std::string outline(const Layout& layout) {
  std::string text;
  for (const Partition& partition : layout.partitions)
    text += std::format("{}{}:{}+{}", text.empty() ? "" : " ", partition.number,
                        partition.extent.offset / 512, partition.extent.length / 512);
  return text;
}

std::string notes(const Layout& layout) {
  std::string text;
  for (const std::string& note : layout.notes) text += note + "\n";
  return text;
}

}  // namespace drydock::disk::test
