#include "fs/f2fs_super.h"

#include <algorithm>
#include <array>
#include <format>

#include "base/hash.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kMagic = 0xF2F52010;
constexpr std::size_t kBytes = 3072;
constexpr std::size_t kChecksumAt = 3068;
constexpr std::uint64_t kSitEntries = 55;  // in a block
constexpr std::array<std::size_t, 2> kCopies{1024, kF2fsBlock + 1024};

// encrypt, atomic writes, extra attributes, project quota, inode checksums, flexible inline
// attributes, quota files, creation times, lost+found, verity, superblock checksum, casefold,
// compression, read-only, device aliases; not zoned devices.
constexpr std::uint32_t kUnderstood = 0xFFFD;

F2fsSuper decode(Bytes bytes) {
  const ByteReader f(bytes);
  F2fsSuper super;
  super.block_bits = f.le32(16);
  super.segment_bits = f.le32(20);
  super.blocks = f.le64(36);
  super.checkpoint_segments = f.le32(52);
  super.sit_segments = f.le32(56);
  super.nat_segments = f.le32(60);
  super.summary_segments = f.le32(64);
  super.main_segments = f.le32(68);
  super.segment_0 = f.le32(72);
  super.checkpoints = f.le32(76);
  super.sit = f.le32(80);
  super.nat = f.le32(84);
  super.summaries = f.le32(88);
  super.main = f.le32(92);
  super.node_inode = f.le32(100);
  super.meta_inode = f.le32(104);
  super.uuid = uuid_text(f.bytes(108, 16));
  super.label = printable(utf16le_to_utf8(f.bytes(124, 1024)));
  super.payload = f.le32(1664);
  super.features = f.le32(2180);
  return super;
}

Result<void> check_copy(Bytes bytes) {
  const ByteReader f(bytes);
  const bool right =
      f.le32(0) == kMagic && ((f.le32(2180) & F2fsSuper::kChecksum) == 0 ||
                              (f.le32(32) == kChecksumAt &&
                               f.le32(kChecksumAt) == f2fs_checksum(bytes.first(kChecksumAt))));
  if (!right) return fail(doubt("one of its superblocks is damaged"));
  if (!all_zero(f.bytes(2794, 16))) return fail(doubt("it has recorded errors"));
  if (f.u8(2201) != 0) return fail(doubt("it has more than one device"));
  return {};
}

}  // namespace

std::uint32_t f2fs_checksum(Bytes bytes) {
  return crc32_raw(kMagic, bytes);
}

Result<std::optional<F2fsSuper>> F2fsSuper::read(const io::BlockSource& volume) {
  auto copies = TRY(naming(read_padded(volume, 0, 2 * kF2fsBlock), "the F2FS superblock"));
  for (const std::size_t at : kCopies) {
    if (ByteReader(copies).le32(at) != kMagic) continue;
    F2fsSuper super = decode(Bytes(copies).subspan(at, kBytes));
    super.copies_ = std::move(copies);
    return super;
  }
  return std::nullopt;
}

Result<void> F2fsSuper::check(std::uint64_t volume_bytes) const {
  TRY(check_copies());
  if (has(kZoned)) return fail(doubt("it is made for a zoned device"));
  TRY(only_known(features, kUnderstood, "features"));
  if (block_bits != 12 || segment_bits != 9)
    return fail(
        doubt(std::format("it has blocks of 2^{} bytes and segments of 2^{} blocks, which "
                          "Drydock does not know",
                          block_bits, segment_bits)));
  TRY(must_fit(std::max(blocks, end()), "blocks", kF2fsBlock, volume_bytes));
  return check_areas();
}

// Not all volumes have a checksum; the second copy then stands for it.
Result<void> F2fsSuper::check_copies() const {
  std::array<Bytes, 2> copy;
  for (std::size_t i = 0; i < copy.size(); ++i) {
    copy[i] = Bytes(copies_).subspan(kCopies[i], kBytes);
    TRY(check_copy(copy[i]));
  }
  // The numbers at the start, the payload, the features; labels and statistics may differ.
  constexpr std::array<std::array<std::size_t, 2>, 3> kSame{{{8, 100}, {1664, 4}, {2180, 4}}};
  for (const auto& [at, length] : kSame)
    if (!std::ranges::equal(copy[0].subspan(at, length), copy[1].subspan(at, length)))
      return fail(doubt("its two superblocks differ"));
  return {};
}

Result<void> F2fsSuper::check_areas() const {
  const bool in_a_row = segment_0 == checkpoints && segment_0 >= 2 && checkpoint_segments == 2 &&
                        sit == checkpoints + checkpoint_segments * kF2fsSegment &&
                        nat == sit + sit_segments * kF2fsSegment &&
                        summaries == nat + nat_segments * kF2fsSegment &&
                        main == summaries + summary_segments * kF2fsSegment;
  constexpr std::uint64_t kMostPayload = kF2fsSegment - 8;
  if (!in_a_row || sit_segments % 2 != 0 || nat_segments % 2 != 0 || nat_segments == 0 ||
      main_segments == 0 || main_segments > sit_blocks() * kSitEntries || payload > kMostPayload)
    return fail(doubt("the sizes in its superblock contradict each other"));
  return {};
}

}  // namespace drydock::fs
