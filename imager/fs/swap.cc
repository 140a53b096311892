#include "fs/swap.h"

#include <array>
#include <format>

#include "base/text.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::array<std::uint32_t, 5> kPageSizes{4096, 8192, 16384, 32768, 65536};
constexpr std::size_t kSignatureBytes = 10;
// After waking up the kernel leaves traces of the image's header in front of the signature.
constexpr std::size_t kTrailer = 64;

struct Swap {
  enum class Kind { swap, old_swap, hibernated };
  Kind kind = Kind::swap;
  std::uint32_t page = 0;
  std::uint32_t version = 0;
  std::uint32_t last_page = 0;
  std::uint32_t bad_pages = 0;
  std::string uuid;
  std::string label;
  bool pristine = false;  // nothing else is in the header page, as mkswap leaves it

  std::uint64_t bytes() const { return (std::uint64_t{last_page} + 1) * page; }
};

std::optional<Swap::Kind> kind_of(const ByteReader& head, std::uint32_t page) {
  const std::size_t at = page - kSignatureBytes;
  if (head.equals(at, "SWAPSPACE2")) return Swap::Kind::swap;
  if (head.equals(at, "SWAP-SPACE")) return Swap::Kind::old_swap;
  // The kernel's, the user-space suspend's and TuxOnIce's marks of an image.
  for (const std::string_view mark :
       {std::string_view("S1SUSPEND"), std::string_view("S2SUSPEND"), std::string_view("ULSUSPEND"),
        std::string_view("LINHIB0001"), std::string_view("\xed\xc3\x02\xe9\x98\x56\xe5\x0c")})
    if (head.equals(at, mark)) return Swap::Kind::hibernated;
  return std::nullopt;
}

Swap decode(const ByteReader& head, std::uint32_t page, Swap::Kind kind) {
  Swap swap;
  swap.kind = kind;
  swap.page = page;
  swap.version = head.le32(1024);
  swap.last_page = head.le32(1028);
  swap.bad_pages = head.le32(1032);
  swap.uuid = all_zero(head.bytes(1036, 16)) ? "" : uuid_text(head.bytes(1036, 16));
  swap.label = printable(head.text(1052, 16));
  constexpr std::size_t kBadPages = 1536;
  const std::uint64_t fields = kBadPages + std::uint64_t{swap.bad_pages} * 4;
  swap.pristine = fields <= page - kTrailer && all_zero(head.bytes(1068, kBadPages - 1068)) &&
                  all_zero(head.bytes(fields, page - kTrailer - fields));
  return swap;
}

Result<std::optional<Swap>> read_swap(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, kPageSizes.back()), "the swap header"));
  const ByteReader head(bytes);
  std::optional<Swap> found;
  for (const std::uint32_t page : kPageSizes) {
    const auto kind = kind_of(head, page);
    if (!kind) continue;
    // An image counts also where the header of another page size was left.
    if (*kind == Swap::Kind::hibernated) return decode(head, page, *kind);
    if (!found) found = decode(head, page, *kind);
  }
  return found;
}

Result<void> check(const Swap& swap, std::uint64_t volume_bytes) {
  if (swap.kind == Swap::Kind::hibernated)
    return fail(doubt("it holds the memory of a hibernated system"));
  if (swap.kind == Swap::Kind::old_swap)
    return fail(doubt("it is of an old kind, without a version"));
  if (swap.version != 1)
    return fail(doubt(std::format("its swap version {} is unknown", swap.version)));
  if (swap.last_page == 0 || swap.bytes() > volume_bytes)
    return fail(
        doubt(std::format("it says that it has {} pages of {} bytes, the volume has {}",
                          std::uint64_t{swap.last_page} + 1, swap.page, volume_bytes / swap.page)));
  // A leftover header of a volume that became something else must not pass for swap.
  if (!swap.pristine) return fail(doubt("there is something else in its header page"));
  return {};
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_swap(const io::BlockSource& volume) {
  const auto swap = TRY(read_swap(volume));
  if (!swap) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "swap";
  info.cluster = swap->page;
  const bool hibernated = swap->kind == Swap::Kind::hibernated;
  info.state = hibernated ? VolumeState::hibernated : VolumeState::clean;
  if (swap->kind == Swap::Kind::old_swap || swap->version != 1) return info;
  info.label = swap->label;
  info.uuid = swap->uuid;
  if (hibernated) return info;
  info.total = swap->bytes();
  info.used = swap->page;
  info.free = info.total - info.used;
  return info;
}

Result<ExtentMap> used_swap(const io::BlockSource& volume) {
  const auto swap = TRY(read_swap(volume));
  if (!swap) return fail(doubt("its header has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(check(*swap, volume_bytes));
  UsedMap used(volume_bytes);
  used.keep(0, swap->page);
  used.keep(swap->bytes(), volume_bytes - swap->bytes());
  return std::move(used).take();
}

}  // namespace drydock::fs
