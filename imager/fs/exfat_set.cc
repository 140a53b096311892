#include "fs/exfat_set.h"

#include "base/text.h"
#include "fs/exfat_folders.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kSetEntry = ExfatEntry::kBytes;

// §6.3.3: without the two bytes that hold it.
std::uint16_t set_checksum(Bytes entries) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 2 || i == 3) continue;
    sum = (((sum & 1) << 15 | sum >> 1) + std::to_integer<std::uint32_t>(entries[i])) & 0xFFFF;
  }
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

void ExfatSet::add(std::uint64_t offset, Bytes entry) {
  constexpr std::uint8_t kSecondary = 0xC0;  // in use, and part of what came before
  const auto type = std::to_integer<std::uint8_t>(entry[0]);
  if ((type & kSecondary) == kSecondary) {
    if (entries_.empty()) return;
    if (entries_.size() == kSetEntry) stream_ = offset;
    entries_.append_range(entry);
    return;
  }
  cut();
  if (type != ExfatEntry::kFile) return;
  entries_.assign(entry.begin(), entry.end());
  bytes_ = (1 + std::to_integer<std::size_t>(entry[1])) * kSetEntry;
}

void ExfatSet::cut() {
  if (!entries_.empty()) damaged_ = true;
  entries_.clear();
}

std::optional<ExfatSet::File> ExfatSet::take() {
  if (entries_.empty() || entries_.size() < bytes_) return std::nullopt;
  auto file = decode();
  if (!file) damaged_ = true;
  entries_.clear();
  return file;
}

std::optional<ExfatSet::File> ExfatSet::decode() const {
  constexpr std::size_t kNameBytes = 30;  // in each of its entries
  constexpr std::uint16_t kFolder = 0x10;
  const ByteReader f(entries_);
  if (f.le16(2) != set_checksum(entries_) || f.u8(kSetEntry) != ExfatEntry::kStream)
    return std::nullopt;
  const std::size_t name_bytes = std::size_t{f.u8(kSetEntry + 3)} * 2;
  std::vector<std::byte> name;
  for (std::size_t at = 2 * kSetEntry; at < entries_.size(); at += kSetEntry)
    if (f.u8(at) == ExfatEntry::kName) name.append_range(f.bytes(at + 2, kNameBytes));
  if (name.size() < name_bytes) return std::nullopt;
  name.resize(name_bytes);
  File file{.name = utf16le_to_utf8(name), .folder = (f.le16(4) & kFolder) != 0, .stream = stream_};
  if (file.name.empty() || file.name == "." || file.name == ".." || file.name.contains('/'))
    return std::nullopt;
  return file;
}

}  // namespace drydock::fs
