#include "fs/udf_volume.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kAnchorBlock = 256;
constexpr std::uint32_t kMostDescriptors = 64;
constexpr std::size_t kTagBytes = 16;

// CRC-16 of ECMA-167 3/7.2.6: polynomial 0x1021, most significant bit first, from 0.
std::uint16_t crc16_itu(Bytes bytes) {
  std::uint32_t crc = 0;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    crc &= 0xFFFF;
  }
  return static_cast<std::uint16_t>(crc);
}

// A dstring of OSTA CS0 (UDF 2.60 §2.1.1): 8 or 16 bits a character, the length in the last byte.
std::string cs0_text(Bytes field) {
  const std::size_t length =
      std::min<std::size_t>(std::to_integer<std::size_t>(field.back()), field.size() - 1);
  if (length < 2) return {};
  const bool wide = field[0] == std::byte{16};
  std::vector<std::byte> units;
  for (std::size_t i = 1; i < length; i += wide ? 2 : 1) {
    units.push_back(wide ? field[std::min(i + 1, field.size() - 1)] : field[i]);
    units.push_back(wide ? field[i] : std::byte{0});
  }
  return printable(utf16le_to_utf8(units));
}

// The set's name begins with 16 unique characters, of which the first eight are the time in
// hexadecimal digits (UDF 2.60 §2.2.2.5). What is not of digits is shown as its bytes, as blkid and
// udfinfo do.
std::string id_of(std::string set) {
  constexpr std::size_t kHalf = 8;
  if (set.size() < kHalf) return {};
  set.resize(2 * kHalf, '\0');
  const std::size_t digits = std::min(set.find_first_not_of("0123456789abcdefABCDEF"), set.size());
  const std::string_view text = set;
  if (digits < kHalf) return hex(as_bytes(text.substr(0, kHalf)));
  std::string id(text.substr(0, digits == set.size() ? digits : kHalf));
  for (char& c : id)
    if (c >= 'A') c = static_cast<char>(c | 0x20);
  if (id.size() == kHalf) id += hex(as_bytes(text.substr(kHalf, kHalf / 2)));
  return id;
}

}  // namespace

bool is_udf(Bytes bytes, UdfTag tag, std::uint64_t block, bool contents) {
  const ByteReader f(bytes);
  unsigned sum = 0;
  for (std::size_t i = 0; i < kTagBytes; ++i)
    if (i != 4) sum += f.u8(i);
  if (!f.ok() || (sum & 0xFF) != f.u8(4) || f.le16(0) != static_cast<std::uint16_t>(tag) ||
      f.le32(12) != (block & 0xFFFFFFFF))
    return false;
  if (!contents) return true;
  const std::size_t length = f.le16(10);
  return length <= bytes.size() - kTagBytes &&
         crc16_itu(bytes.subspan(kTagBytes, length)) == f.le16(8);
}

UdfAddress udf_address(const ByteReader& f, std::size_t at) {
  return {f.le32(at) & 0x3FFFFFFF, f.le32(at + 4), f.le16(at + 8)};
}

Result<std::optional<UdfVolume>> UdfVolume::read(const io::BlockSource& volume) {
  for (const std::uint32_t block : {2048u, 512u, 4096u, 1024u, 8192u, 16384u, 32768u}) {
    const auto bytes =
        TRY(naming(read_padded(volume, kAnchorBlock * block, 512), "the UDF anchor"));
    if (!is_udf(bytes, UdfTag::anchor, kAnchorBlock)) continue;
    const ByteReader f(bytes);
    UdfVolume found;
    found.block_bytes = block;
    found.descriptors[0] = {kAnchorBlock * block, block};
    found.descriptors[1] = {found.bytes_of(f.le32(20)), f.le32(16)};
    found.descriptors[2] = {found.bytes_of(f.le32(28)), f.le32(24)};
    TRY(found.read_sequence(volume, f.le32(20), f.le32(16)));
    TRY(found.read_integrity(volume));
    return found;
  }
  return std::nullopt;
}

// Of several descriptors of a kind the one with the highest number counts (3/8.4.3).
Result<void> UdfVolume::read_sequence(const io::BlockSource& volume, std::uint32_t at,
                                      std::uint32_t bytes) {
  const std::uint32_t count = std::min(bytes / block_bytes, kMostDescriptors);
  std::uint32_t primary = 0;
  std::uint32_t logical = 0;
  for (std::uint64_t block = at; block < std::uint64_t{at} + count; ++block) {
    const auto held = TRY(
        naming(read_padded(volume, bytes_of(block), block_bytes), "the UDF volume descriptors"));
    const ByteReader f(held);
    const auto counts = [&](UdfTag tag, std::uint32_t& last) {
      if (!is_udf(held, tag, block) || f.le32(16) < last) return false;
      last = f.le32(16);
      return true;
    };
    if (is_udf(held, UdfTag::terminator, block)) break;
    continued_ = continued_ || is_udf(held, UdfTag::pointer, block, false);
    if (counts(UdfTag::primary_volume, primary)) decode_primary(f);
    if (counts(UdfTag::logical_volume, logical)) decode_logical(f);
    if (is_udf(held, UdfTag::partition, block) && partitions++ == 0) decode_partition(f);
  }
  return {};
}

void UdfVolume::decode_primary(const ByteReader& f) {
  uuid = id_of(cs0_text(f.bytes(72, 128)));
}

void UdfVolume::decode_logical(const ByteReader& f) {
  label = cs0_text(f.bytes(84, 128));
  // What the descriptor says must be what the anchor's place proves.
  if (f.le32(212) != block_bytes) return;
  revision = f.equals(217, "*OSTA UDF Compliant") ? f.le16(240) : 0;
  file_set = udf_address(f, 248);
  maps = f.le32(268);
  direct = f.le32(264) >= 6 && f.u8(440) == 1 && f.u8(441) == 6;
  descriptors[3] = {bytes_of(f.le32(436)), f.le32(432)};
}

void UdfVolume::decode_partition(const ByteReader& f) {
  const auto length = [&](std::size_t at) { return f.le32(at) & 0x3FFFFFFF; };
  bitmap_bytes = length(64);
  bitmap_at = f.le32(68);
  other_space = length(56) != 0 || length(72) != 0 || length(80) != 0 || length(88) != 0;
  access = f.le32(184);
  partition_at = f.le32(188);
  partition_blocks = f.le32(192);
}

Result<void> UdfVolume::read_integrity(const io::BlockSource& volume) {
  std::uint64_t block = descriptors[3].offset / block_bytes;
  std::uint64_t left = descriptors[3].length / block_bytes;
  for (std::uint32_t i = 0; i < kMostDescriptors && left > 0; ++i) {
    const auto held = TRY(
        naming(read_padded(volume, bytes_of(block), block_bytes), "the UDF integrity descriptor"));
    const ByteReader f(held);
    if (!is_udf(held, UdfTag::integrity, block)) return {};
    closed = f.le32(28) == 1;
    integrity_partitions = f.le32(72);
    free_blocks = f.le32(80);
    sized_blocks = f.le32(84);
    // It may go on elsewhere, and what is there is newer.
    const bool elsewhere = f.le32(32) != 0;
    block = elsewhere ? f.le32(36) : block + 1;
    left = elsewhere ? f.le32(32) / block_bytes : left - 1;
    has_integrity = !elsewhere;
  }
  return {};
}

Result<void> UdfVolume::check(std::uint64_t volume_bytes) const {
  TRY(check_kind());
  if (partition_blocks == 0 || partition_at <= kAnchorBlock ||
      bytes_of(partition_at + partition_blocks) > volume_bytes)
    return fail(
        doubt(std::format("its partition of {} blocks of {} bytes from block {} does not "
                          "fit into the volume of {} bytes",
                          partition_blocks, block_bytes, partition_at, volume_bytes)));
  if (other_space || bitmap_bytes == 0)
    return fail(doubt("it does not keep its free space as one bitmap"));
  if (!has_integrity || integrity_partitions != 1)
    return fail(doubt("its integrity descriptor is missing or damaged"));
  if (!closed)
    return fail(doubt("it was not unmounted cleanly, so its free map may be out of date"));
  if (sized_blocks != partition_blocks)
    return fail(doubt(std::format("its partition has {} blocks, its integrity descriptor says {}",
                                  partition_blocks, sized_blocks)));
  return {};
}

Result<void> UdfVolume::check_kind() const {
  constexpr std::array<std::uint16_t, 5> kRevisions{0x0101, 0x0102, 0x0150, 0x0200, 0x0201};
  constexpr std::uint32_t kOverwritable = 4;
  if (continued_ || partitions != 1 || maps == 0)
    return fail(
        doubt("its volume descriptors are damaged or of a kind that Drydock does not know"));
  if (!std::ranges::contains(kRevisions, revision))
    return fail(doubt(std::format("its revision of UDF, {:x}.{:02x}, is not known to Drydock",
                                  revision >> 8, revision & 0xFF)));
  if (maps != 1 || !direct) return fail(doubt("it has a virtual, sparable or metadata partition"));
  if (access != kOverwritable) return fail(doubt("it is on a medium that is not written in place"));
  return {};
}

}  // namespace drydock::fs
