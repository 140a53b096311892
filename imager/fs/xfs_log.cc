#include "fs/xfs_log.h"

#include <algorithm>

#include "base/checked.h"
#include "base/hash.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

// The log is a ring of sectors of 512 bytes, each of which begins with the number of the round in
// which it was written. Records are written one behind the other, so the head, where the next one
// will be written, is where that number falls.
constexpr std::uint64_t kSector = 512;
constexpr std::uint32_t kMagic = 0xFEEDBABE;
// What can be under way at once: eight records of 256 KiB. Beyond it, the ring has no gaps.
constexpr std::uint64_t kInFlight = 2 * kMiB / kSector;
constexpr std::uint64_t kHeaderCovers = 32 * kKiB;  // data of a record, by a sector of header

// The first word of a sector, or the second where the first is the magic number of a record.
std::uint32_t round_of(Bytes sector) {
  const ByteReader f(sector);
  return f.be32(0) == kMagic ? f.be32(4) : f.be32(0);
}

class Log {
 public:
  Log(const io::BlockSource& volume, const XfsSuper& super)
      : volume_(volume),
        super_(super),
        start_(super.run(super.log_start, super.log_blocks)->offset),
        sectors_((std::uint64_t{super.log_blocks} << super.block_shift) / kSector) {}

  Result<XfsLogState> state() const;

 private:
  Result<std::vector<std::byte>> read(std::uint64_t sector, std::uint64_t count) const;
  Result<std::uint32_t> round_at(std::uint64_t sector) const {
    return round_of(TRY(read(sector, 1)));
  }
  Result<std::uint64_t> find_head(std::uint32_t first, std::uint32_t last) const;
  std::uint32_t expected_round(std::uint64_t head, std::uint32_t round, std::uint64_t back) const;
  bool whole_behind(std::uint64_t head, std::uint32_t round, Bytes behind) const;
  Result<bool> whole_ahead(std::uint64_t head, std::uint32_t round) const;
  bool is_unmount(Bytes record, std::uint64_t lsn) const;
  Result<bool> is_formatted(std::uint32_t round) const;

  const io::BlockSource& volume_;
  const XfsSuper& super_;
  std::uint64_t start_;
  std::uint64_t sectors_;
};

// `count` sectors of the ring, at most all.
Result<std::vector<std::byte>> Log::read(std::uint64_t sector, std::uint64_t count) const {
  std::vector<std::byte> bytes(count * kSector);
  const std::uint64_t straight = std::min(count, sectors_ - sector);
  const MutableBytes into(bytes);
  TRY(naming(volume_.read_at(start_ + sector * kSector, into.first(straight * kSector)),
             "the log"));
  if (straight < count)
    TRY(naming(volume_.read_at(start_, into.subspan(straight * kSector)), "the log"));
  return bytes;
}

// Where the sectors of the last round but one begin; the end when there are none.
Result<std::uint64_t> Log::find_head(std::uint32_t first, std::uint32_t last) const {
  std::uint64_t low = 0;
  std::uint64_t high = sectors_;
  if (first == last) return high;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (TRY(round_at(middle)) == first)
      low = middle;
    else
      high = middle;
  }
  return high;
}

// The round of the sector that lies `back` before the head.
std::uint32_t Log::expected_round(std::uint64_t head, std::uint32_t round,
                                  std::uint64_t back) const {
  return back <= head ? round : round - 1;
}

bool Log::whole_behind(std::uint64_t head, std::uint32_t round, Bytes behind) const {
  const std::uint64_t count = behind.size() / kSector;
  for (std::uint64_t i = 0; i < count; ++i)
    if (round_of(behind.subspan(i * kSector, kSector)) != expected_round(head, round, count - i))
      return false;
  return true;
}

// Nothing of this round was written beyond the head by records that were under way.
Result<bool> Log::whole_ahead(std::uint64_t head, std::uint32_t round) const {
  const std::uint64_t count = std::min(kInFlight, sectors_);
  const auto ahead = TRY(read(head % sectors_, count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool wrapped = head + i >= sectors_;
    if (round_of(Bytes(ahead).subspan(i * kSector, kSector)) != (wrapped ? round : round - 1))
      return false;
  }
  return true;
}

// The last record has nothing but the operation "unmount".
bool Log::is_unmount(Bytes record, std::uint64_t lsn) const {
  const ByteReader f(record);
  if (f.be32(0) != kMagic || f.be64(16) != lsn || f.be32(40) != 1) return false;
  if (!std::ranges::equal(f.bytes(304, 16), super_.raw_uuid)) return false;
  const std::uint32_t version = f.be32(8);
  if (version != (super_.has_log_v2() ? 2u : 1u)) return false;
  const std::uint64_t buffer = version == 2 ? f.be32(320) : 0;
  if (buffer > 256 * kKiB) return false;
  const std::uint64_t headers =
      std::max<std::uint64_t>(1, div_ceil(buffer, kHeaderCovers)) * kSector;
  const std::uint64_t length = f.be32(12);
  const std::uint64_t padded = round_up(length, kSector);
  if (length < 12 || length > 256 * kKiB || headers + padded != record.size()) return false;

  const ByteReader operation(record.subspan(headers));
  constexpr std::uint8_t kByLog = 0xAA, kUnmount = 0x20;
  if (operation.u8(8) != kByLog || (operation.u8(9) & kUnmount) == 0) return false;

  // Programs that format a log, and old kernels, leave the checksum zero. The header was of a
  // different size on 32-bit PCs.
  const std::uint32_t told = load_le<std::uint32_t>(record.data() + 32);
  if (told == 0) return true;
  for (const std::size_t header : {std::size_t{328}, std::size_t{324}}) {
    std::uint32_t crc = crc32c_without(~0u, record.first(header), 32, 4);
    for (std::size_t at = kSector; at < headers; at += kSector)
      crc = crc32c_raw(crc, record.subspan(at, 260));
    crc = crc32c_raw(crc, record.subspan(headers, length));
    if (~crc == told) return true;
  }
  return false;
}

// As xfs_repair and xfs_admin format a log that was in use: the record of an unmount in front,
// zeros up to 256 KiB, records of the round before up to the end. Whoever mounts it writes over the
// first.
Result<bool> Log::is_formatted(std::uint32_t round) const {
  const auto front = TRY(read(0, std::min(kInFlight, sectors_)));
  const ByteReader f(front);
  const std::uint64_t record = kSector + round_up<std::uint64_t>(f.be32(12), kSector);
  const bool by_a_program = f.be32(32) == 0;  // no checksum
  if (!by_a_program || record >= front.size()) return false;
  if (!is_unmount(Bytes(front).first(record), std::uint64_t{round} << 32)) return false;
  std::uint64_t at = record;
  while (at < front.size() && all_zero(Bytes(front).subspan(at, kSector))) at += kSector;
  for (; at < front.size(); at += kSector)
    if (round_of(Bytes(front).subspan(at, kSector)) != round - 1) return false;
  return true;
}

Result<XfsLogState> Log::state() const {
  constexpr XfsLogState kUnclean;
  const std::uint32_t first = TRY(round_at(0));
  const std::uint32_t last = TRY(round_at(sectors_ - 1));
  // The last sector is of this round or the one before; in the first round there was none.
  if (first == 0 || (last != first && last != first - 1)) return kUnclean;
  if (last != first && TRY(is_formatted(first)))
    return XfsLogState{true, std::uint64_t{first} << 32};
  const std::uint64_t head = TRY(find_head(first, last));
  const std::uint64_t back = std::min(kInFlight, sectors_);
  const auto behind = TRY(read((head + sectors_ - back) % sectors_, back));
  if (!whole_behind(head, first, behind)) return kUnclean;
  if (!TRY(whole_ahead(head, first))) return kUnclean;

  for (std::uint64_t i = 1; i <= back; ++i) {
    const Bytes record = Bytes(behind).last(i * kSector);
    if (ByteReader(record).be32(0) != kMagic) continue;
    const std::uint64_t round = expected_round(head, first, i);
    const std::uint64_t lsn = round << 32 | (head + sectors_ - i) % sectors_;
    if (!is_unmount(record, lsn)) return kUnclean;
    return XfsLogState{true, lsn};
  }
  return kUnclean;
}

}  // namespace

Result<XfsLogState> read_xfs_log(const io::BlockSource& volume, const XfsSuper& super) {
  return Log(volume, super).state();
}

}  // namespace drydock::fs
