#include "fs/hfs_catalog.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "fs/unix_mode.h"

namespace drydock::fs {

std::optional<HfsCatalogKey> HfsCatalogKey::decode(const ByteReader& key) {
  const HfsCatalogKey found{key.be32(0), key.bytes(6, std::size_t{2} * key.be16(4))};
  if (!key.ok()) return std::nullopt;
  return found;
}

std::optional<HfsCatalogRecord> HfsCatalogRecord::decode(const ByteReader& data) {
  constexpr std::uint16_t kHasLinkChain = 0x20;
  constexpr std::uint8_t kCompressed = 0x20;  // UF_COMPRESSED of the owner's flags
  HfsCatalogRecord record;
  record.kind = data.be16(0);
  if (record.is_thread()) return record;
  if (record.kind != kFolder && record.kind != kFile) return std::nullopt;
  record.id = data.be32(8);
  record.mode = data.be16(42);
  record.special = data.be32(44);
  if (record.kind == kFile) {
    record.hard_link = data.equals(48, "hlnkhfs+");
    record.folder_link = data.equals(48, "fdrpMACS") && (data.be16(2) & kHasLinkChain) != 0;
    record.symbolic_link = (record.mode & kModeType) == kModeLink || data.equals(48, "slnkrhap");
    record.compressed = (data.u8(41) & kCompressed) != 0;
    record.data = HfsFork::decode(data.bytes(88, HfsFork::kBytes));
    record.resource = HfsFork::decode(data.bytes(168, HfsFork::kBytes));
  }
  if (!data.ok()) return std::nullopt;
  return record;
}

std::string hfs_text(Bytes name) {
  std::vector<std::byte> little(name.begin(), name.end());
  for (std::size_t i = 0; i + 1 < little.size(); i += 2) std::swap(little[i], little[i + 1]);
  return utf16le_to_utf8(little);
}

std::string hfs_file_name(Bytes name) {
  constexpr std::uint16_t kSymbolForNull = 0x2400;
  std::vector<std::byte> shown(name.begin(), name.end());
  for (std::size_t i = 0; i + 1 < shown.size(); i += 2) {
    const auto unit = load_be<std::uint16_t>(&shown[i]);
    if (unit == '/') store_be<std::uint16_t>(&shown[i], ':');
    if (unit == 0) store_be(&shown[i], kSymbolForNull);
  }
  return hfs_text(shown);
}

}  // namespace drydock::fs
