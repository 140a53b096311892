#include "fs/exfat_folders.h"

#include <algorithm>
#include <format>
#include <optional>

#include "base/text.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

using enum ExfatEntry::Type;

ExfatEntry decode_root_entry(const ByteReader& f, ExfatEntry::Kind kind) {
  ExfatEntry entry;
  entry.kind = kind;
  entry.flags = f.u8(1);
  entry.first_cluster = f.le32(20);
  entry.length = f.le64(24);
  return entry;
}

// Reads a folder's entries one after the other, across its clusters.
class Reader {
 public:
  Reader(const io::BlockSource& volume, const ExfatBoot& boot, Window& fat,
         const ExfatEntry& folder)
      : boot_(boot),
        chain_(boot, fat, folder.first_cluster, folder.length, folder.contiguous),
        window_(volume, std::min<std::size_t>(boot.cluster_bytes + 4 * kKiB, 64 * kKiB)) {}

  // The next entry; empty behind the last. Valid until the next call.
  Result<Bytes> next() {
    if (cluster_ == 0 || at_ == boot_.cluster_bytes) {
      cluster_ = TRY(chain_.next());
      at_ = 0;
      if (cluster_ == 0) return Bytes();
    }
    const Bytes entry = TRY(
        naming(window_.at(boot_.cluster_offset(cluster_) + at_, ExfatEntry::kBytes), "a folder"));
    at_ += ExfatEntry::kBytes;
    return entry;
  }

 private:
  const ExfatBoot& boot_;
  ExfatChain chain_;
  Window window_;
  std::uint32_t cluster_ = 0;
  std::uint64_t at_ = 0;
};

// The clusters of a file's stream, or of an entry that newer systems may add: a benign one may have
// some of its own, by the same fields, when bit 0 of its flags says so. In a stream those fields
// count even without that bit, as some systems do not look at it.
Result<std::optional<ExfatEntry>> decode_allocation(const ByteReader& f, std::uint8_t type) {
  constexpr std::uint8_t kBenign = 0x20;
  constexpr std::uint8_t kSecondary = 0x40;
  constexpr std::uint8_t kAllocated = 1;
  constexpr std::uint8_t kContiguous = 2;
  if (type != kStream && (type & kBenign) == 0)
    return fail(doubt(std::format("a folder has entries of unknown type 0x{:02x}", type)));
  const std::uint8_t flags = f.u8((type & kSecondary) != 0 ? 1 : 4);
  ExfatEntry entry;
  entry.first_cluster = f.le32(20);
  entry.length = f.le64(24);
  entry.contiguous = (flags & kContiguous) != 0;
  const bool allocated = (flags & kAllocated) != 0 || (type == kStream && entry.length != 0);
  if (!allocated || entry.first_cluster == 0) return std::nullopt;
  return entry;
}

std::string label_of(const ByteReader& f) {
  return printable(utf16le_to_utf8(f.bytes(2, std::min<std::size_t>(f.u8(1), 11) * 2)));
}

}  // namespace

Result<void> each_entry(const io::BlockSource& volume, const ExfatBoot& boot, Window& fat,
                        const ExfatEntry& folder,
                        const std::function<Result<void>(const ExfatEntry&)>& visit) {
  Reader reader(volume, boot, fat, folder);
  bool is_folder = false;
  for (;;) {
    const Bytes bytes = TRY(reader.next());
    if (bytes.empty()) return {};
    const ByteReader f(bytes);
    const std::uint8_t type = f.u8(0);
    if (type == kEndOfFolder) return {};
    if ((type & 0x80) == 0) continue;
    ExfatEntry entry;
    switch (type) {
      case kBitmap:
        entry = decode_root_entry(f, ExfatEntry::Kind::bitmap);
        break;
      case kUpcase:
        entry = decode_root_entry(f, ExfatEntry::Kind::upcase);
        break;
      case kLabel:
        entry.kind = ExfatEntry::Kind::label;
        entry.label = label_of(f);
        break;
      case kFile:
        is_folder = (f.le16(4) & 0x10) != 0;
        continue;
      case kName:
        continue;
      default: {
        const auto allocated = TRY(decode_allocation(f, type));
        if (!allocated) continue;
        entry = *allocated;
        if (type == kStream && is_folder) entry.kind = ExfatEntry::Kind::folder;
      }
    }
    TRY(visit(entry));
  }
}

ExfatEntry root_folder(const ExfatBoot& boot) {
  ExfatEntry root;
  root.kind = ExfatEntry::Kind::folder;
  root.first_cluster = boot.root_cluster;
  root.length = UINT64_MAX;
  return root;
}

}  // namespace drydock::fs
