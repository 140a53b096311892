#include "fs/ext_super.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/hash.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::uint16_t kSuperMagic = 0xEF53;

// What is understood. imagic_inodes, lazy_bg, exclude_*, compression, dirdata, btree_dir,
// has_snapshot, replica and shared_blocks are not, nor is anything younger.
constexpr std::uint32_t kKnownCompat = 0x1 |        // dir_prealloc
                                       0x4 |        // has_journal
                                       0x8 |        // ext_attr
                                       0x10 |       // resize_inode
                                       0x20 |       // dir_index
                                       0x200 |      // sparse_super2
                                       0x400 |      // fast_commit
                                       0x800 |      // stable_inodes
                                       0x1000;      // orphan_file
constexpr std::uint32_t kKnownIncompat = 0x2 |      // filetype
                                         0x4 |      // needs_recovery
                                         0x8 |      // journal_dev
                                         0x10 |     // meta_bg
                                         0x40 |     // extents
                                         0x80 |     // 64bit
                                         0x100 |    // mmp
                                         0x200 |    // flex_bg
                                         0x400 |    // ea_inode
                                         0x2000 |   // metadata_csum_seed
                                         0x4000 |   // large_dir
                                         0x8000 |   // inline_data
                                         0x10000 |  // encrypt
                                         0x20000;   // casefold
constexpr std::uint32_t kKnownRoCompat = 0x1 |      // sparse_super
                                         0x2 |      // large_file
                                         0x8 |      // huge_file
                                         0x10 |     // uninit_bg (gdt_csum)
                                         0x20 |     // dir_nlink
                                         0x40 |     // extra_isize
                                         0x100 |    // quota
                                         0x200 |    // bigalloc
                                         0x400 |    // metadata_csum
                                         0x1000 |   // read-only
                                         0x2000 |   // project
                                         0x8000 |   // verity
                                         0x10000;   // orphan_present

}  // namespace

std::optional<ExtSuper> ExtSuper::decode(Bytes bytes) {
  const ByteReader f(bytes);
  if (f.size() < kBytes || f.le16(0x38) != kSuperMagic) return std::nullopt;
  ExtSuper s;
  std::copy_n(bytes.begin(), kBytes, s.raw.begin());
  s.revision = f.le32(0x4C);
  s.compat = f.le32(0x5C);
  s.incompat = f.le32(0x60);
  s.ro_compat = f.le32(0x64);
  s.state = f.le16(0x3A);

  const bool wide = s.has(k64Bit);
  const auto joined = [&](std::size_t low, std::size_t high) {
    return f.le32(low) | (wide ? std::uint64_t{f.le32(high)} << 32 : 0);
  };
  s.log_block = f.le32(0x18);
  s.log_cluster = s.has(kBigalloc) ? f.le32(0x1C) : s.log_block;
  s.blocks = joined(0x4, 0x150);
  s.free_blocks = joined(0xC, 0x158);
  s.first_data_block = f.le32(0x14);
  s.blocks_per_group = f.le32(0x20);
  s.clusters_per_group = s.has(kBigalloc) ? f.le32(0x24) : s.blocks_per_group;
  s.inodes = f.le32(0x0);
  s.free_inodes = f.le32(0x10);
  s.inodes_per_group = f.le32(0x28);
  s.inode_bytes = s.revision >= 1 ? f.le16(0x58) : 128;
  s.descriptor_bytes = wide ? f.le16(0xFE) : 32;
  s.reserved_gdt_blocks = f.le16(0xCE);
  s.first_meta_bg = f.le32(0x104);
  s.journal_inode = f.le32(0xE0);
  s.backup_groups = {f.le32(0x24C), f.le32(0x250)};
  s.mmp_block = f.le64(0x168);
  s.label = printable(f.text(0x78, 16));
  s.uuid = uuid_text(f.bytes(0x68, 16));
  return s;
}

Result<void> ExtSuper::check(std::uint64_t volume_bytes) const {
  TRY(check_flags());
  TRY(check_numbers(volume_bytes));
  return check_checksum();
}

Result<void> ExtSuper::check_flags() const {
  if (revision > 1) return fail(doubt(std::format("its revision {} is unknown", revision)));
  if (revision == 0 && (compat | incompat | ro_compat) != 0)
    return fail(doubt("it uses features that its revision 0 does not have"));
  TRY(only_known(incompat, kKnownIncompat, "incompatible features"));
  TRY(only_known(ro_compat, kKnownRoCompat, "read-only compatible features"));
  TRY(only_known(compat, kKnownCompat, "compatible features"));
  if (has(kJournalDevice))
    return fail(doubt("it holds the journal of another volume, every block of which may matter"));
  return {};
}

Result<void> ExtSuper::check_state() const {
  if ((state & kError) != 0)
    return fail(doubt("the system that used it recorded errors in it; it needs a check"));
  if ((state & kValid) == 0)
    return fail(doubt("it was not unmounted cleanly, so its bitmaps may be out of date"));
  return {};
}

Result<void> ExtSuper::check_numbers(std::uint64_t volume_bytes) const {
  const auto damaged = [](std::string_view what) {
    return fail(doubt(std::format("its superblock is damaged ({})", what)));
  };
  if (log_block > 6) return damaged("block size");
  if (log_cluster < log_block || log_cluster > 20) return damaged("cluster size");
  const std::uint32_t bits = 8 * block_bytes();
  if (clusters_per_group < 8 || clusters_per_group > bits || clusters_per_group % 8 != 0)
    return damaged("clusters per group");
  if (blocks_per_group < 256 ||
      blocks_per_group != std::uint64_t{clusters_per_group} * cluster_blocks())
    return damaged("blocks per group");
  const std::uint32_t first = block_bytes() == 1024 && !has(kBigalloc) ? 1 : 0;
  if (first_data_block != first) return damaged("first data block");
  if (blocks <= first_data_block) return damaged("block count");
  TRY(must_fit(blocks, "blocks", block_bytes(), volume_bytes));
  if (div_ceil<std::uint64_t>(blocks - first_data_block, blocks_per_group) > 0xFFFFFFFF)
    return damaged("number of groups");
  if (!std::has_single_bit(inode_bytes) || inode_bytes < 128 || inode_bytes > block_bytes())
    return damaged("inode size");
  if (inodes_per_group == 0 || inodes_per_group > bits ||
      std::uint64_t{inodes_per_group} * groups() != inodes)
    return damaged("inode count");
  if (has(k64Bit) &&
      (!std::has_single_bit(descriptor_bytes) || descriptor_bytes < 64 || descriptor_bytes > 1024))
    return damaged("descriptor size");
  if (reserved_gdt_blocks > block_bytes() / 4) return damaged("reserved descriptor blocks");
  if (free_blocks > blocks) return damaged("free block count");
  if (has(kMmp) && (mmp_block <= first_data_block || mmp_block >= blocks))
    return damaged("multiple mount protection block");
  return {};
}

Result<void> ExtSuper::check_checksum() const {
  if (!has(kMetadataCsum)) return {};
  const ByteReader f(raw);
  if (f.u8(0x175) != 1) return fail(doubt("it uses an unknown kind of checksum"));
  if (has(kGdtCsum)) return fail(doubt("it claims two kinds of group checksums at once"));
  if (crc32c_raw(~0u, f.bytes(0, 0x3FC)) != f.le32(0x3FC))
    return fail(doubt("its superblock is damaged (checksum)"));
  return {};
}

std::uint32_t ExtSuper::groups() const {
  return static_cast<std::uint32_t>(
      div_ceil<std::uint64_t>(blocks - first_data_block, blocks_per_group));
}

std::uint32_t ExtSuper::checksum_seed() const {
  const ByteReader f(raw);
  if (has(kCsumSeed)) return f.le32(0x270);
  return crc32c_raw(~0u, f.bytes(0x68, 16));
}

}  // namespace drydock::fs
