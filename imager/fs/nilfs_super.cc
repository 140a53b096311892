#include "fs/nilfs_super.h"

#include <algorithm>
#include <format>

#include "base/hash.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::uint16_t kSuperMagic = 0x3434;
constexpr std::size_t kSumAt = 16;
constexpr std::uint64_t kBlockCount = 1;  // read-only compatible: blocks of files are counted

bool looks_right(Bytes bytes) {
  const ByteReader f(bytes);
  const std::uint16_t length = f.le16(8);
  return f.le16(6) == kSuperMagic && f.le32(0) == 2 && length >= 0x60 && length <= bytes.size() &&
         f.le32(20) <= 6;
}

bool checksum_right(Bytes bytes) {
  const ByteReader f(bytes);
  std::uint32_t crc = crc32_raw(f.le32(12), bytes.first(kSumAt));
  crc = crc32_raw(crc, std::array<std::byte, 4>{});
  crc = crc32_raw(crc, f.bytes(kSumAt + 4, f.le16(8) - kSumAt - 4u));
  return crc == f.le32(kSumAt);
}

Result<void> check_copy(Bytes bytes) {
  if (!looks_right(bytes) || !checksum_right(bytes))
    return fail(doubt("one of its two superblocks is damaged"));
  const ByteReader f(bytes);
  TRY(only_known(f.le64(0x100), 0, "compatible features"));
  TRY(only_known(f.le64(0x108), kBlockCount, "read-only compatible features"));
  TRY(only_known(f.le64(0x110), 0, "incompatible features"));
  // Sizes of an inode, of entries of the DAT, the checkpoint file, the segment usage file.
  if (f.le16(0x90) != 128 || f.le16(0x92) != 32 || f.le16(0x94) != 192 || f.le16(0x96) != 16)
    return fail(doubt("its tables have entries of sizes that Drydock does not know"));
  return {};
}

}  // namespace

NilfsSuper NilfsSuper::decode(Bytes bytes) {
  const ByteReader f(bytes);
  NilfsSuper super;
  super.seed = f.le32(12);
  super.block_bytes = 1024u << f.le32(20);
  super.segments = f.le64(24);
  super.device_bytes = f.le64(32);
  super.first_block = f.le64(40);
  super.segment_blocks = f.le32(48);
  super.checkpoint = f.le64(56);
  super.last_log = f.le64(64);
  super.last_sequence = f.le64(72);
  super.free_blocks = f.le64(80);
  super.state = f.le16(116);
  super.uuid = uuid_text(f.bytes(152, 16));
  super.label = printable(f.text(168, 80));
  return super;
}

Result<std::optional<NilfsSuper>> NilfsSuper::read(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, kAt, kBytes), "the NILFS2 superblock"));
  if (!looks_right(bytes)) return std::nullopt;
  return decode(bytes);
}

Result<NilfsSuper> NilfsSuper::checked(const io::BlockSource& volume) const {
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(check_sizes(volume_bytes));
  const auto first = TRY(naming(io::read_bytes(volume, kAt, kBytes), "the superblock"));
  const auto second =
      TRY(naming(io::read_bytes(volume, second_at(), kBytes), "the second superblock"));
  TRY(check_copy(first));
  TRY(check_copy(second));
  // From the block size to the blocks of a segment.
  if (!std::ranges::equal(Bytes(first).subspan(20, 32), Bytes(second).subspan(20, 32)))
    return fail(doubt("its two superblocks differ"));
  const NilfsSuper other = decode(second);
  const NilfsSuper newer = other.checkpoint > checkpoint ? other : *this;
  if ((newer.state & kErrors) != 0) return fail(doubt("it has recorded errors"));
  if ((newer.state & kToBeResized) != 0) return fail(doubt("it is being resized"));
  if (!newer.in_segments(newer.last_log))
    return fail(doubt("its last log lies outside its segments"));
  return newer;
}

Result<void> NilfsSuper::check_sizes(std::uint64_t volume_bytes) const {
  TRY(must_fit(device_bytes, "bytes", 1, volume_bytes));
  constexpr std::uint64_t kLeastBlocks = 16;
  const bool sane = segments > 0 && segment_blocks >= kLeastBlocks && first_block > 0 &&
                    first_block < segment_blocks && device_bytes >= std::uint64_t{64} * 1024 &&
                    segments <= device_bytes / block_bytes / segment_blocks &&
                    blocks() * block_bytes <= second_at();
  if (!sane) return fail(doubt("the sizes in its superblock contradict each other"));
  return {};
}

}  // namespace drydock::fs
