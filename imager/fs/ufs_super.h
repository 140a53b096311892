#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "io/block_source.h"

namespace drydock::fs {

// Fields in the byte order of the machine that made the filesystem.
class UfsFields {
 public:
  UfsFields(Bytes bytes, bool big_endian) : fields_(bytes), big_(big_endian) {}

  std::uint8_t u8(std::size_t at) const { return fields_.u8(at); }
  std::uint16_t u16(std::size_t at) const { return big_ ? fields_.be16(at) : fields_.le16(at); }
  std::uint32_t u32(std::size_t at) const { return big_ ? fields_.be32(at) : fields_.le32(at); }
  std::uint64_t u64(std::size_t at) const { return big_ ? fields_.be64(at) : fields_.le64(at); }
  const ByteReader& raw() const { return fields_; }

 private:
  ByteReader fields_;
  bool big_;
};

// What is free, of one cylinder group or of all (struct csum, struct csum_total).
struct UfsCounts {
  std::uint64_t directories = 0;
  std::uint64_t free_blocks = 0;
  std::uint64_t free_inodes = 0;
  std::uint64_t free_fragments = 0;  // besides those in free blocks

  bool operator==(const UfsCounts&) const = default;
};

// The superblock of a UFS1 or UFS2 volume of the BSDs (FreeBSD, sys/ufs/ffs/fs.h, struct fs).
// Addresses are numbers of fragments from the start of the volume.
struct UfsSuper {
  static constexpr std::size_t kBytes = 8192;
  static constexpr std::uint32_t kMagic1 = 0x00011954;
  static constexpr std::uint32_t kMagic2 = 0x19540119;

  enum Flags : std::uint32_t {
    kUnclean = 0x1,
    kNeedsCheck = 0x4,
    kGJournal = 0x40,
    kFlagsMoved = 0x80,  // among the old flags: all of them are in the new field
    kCheckHashes = 0x200,
  };
  enum CheckHashes : std::uint32_t { kHashSuper = 0x1, kHashGroups = 0x2 };

  std::vector<std::byte> raw;  // kBytes
  std::uint64_t offset = 0;    // where it was found
  bool big_endian = false;
  bool ufs2 = false;

  std::uint64_t size = 0;  // fragments
  std::uint32_t groups = 0;
  std::uint32_t block_bytes = 0;
  std::uint32_t fragment_bytes = 0;
  std::uint32_t block_fragments = 0;
  std::uint32_t super_at = 0;   // of the group's start, as are the next three
  std::uint32_t header_at = 0;  // the cylinder group's own block
  std::uint32_t inodes_at = 0;
  std::uint32_t data_at = 0;
  std::uint32_t group_shift = 0;  // UFS1: groups begin staggered
  std::uint32_t group_mask = 0;
  std::uint32_t group_fragments = 0;
  std::uint32_t group_inodes = 0;
  std::uint32_t group_bytes = 0;
  std::uint64_t counts_at = 0;  // the table of every group's counts
  std::uint32_t counts_bytes = 0;
  std::uint32_t short_link = 0;  // symbolic links below this length are in their inode
  UfsCounts counts;
  std::uint32_t flags = 0;
  std::uint32_t check_hashes = 0;
  bool clean = false;
  std::string label;
  std::string id;

  // The first place that has one, in the order of FreeBSD: a copy is not taken for the original.
  static Result<std::optional<UfsSuper>> find(const io::BlockSource& volume);

  // Fails with the reason when any number is out of bounds, any flag unknown, the check hash wrong
  // or the filesystem larger than the volume. Everything below may be called only after it has
  // succeeded.
  Result<void> check(std::uint64_t volume_bytes) const;
  // Fails with the reason when the maps of what is free may be out of date.
  Result<void> check_state() const;

  UfsFields fields(Bytes bytes) const { return {bytes, big_endian}; }
  std::uint64_t bytes_of(std::uint64_t fragments) const { return fragments * fragment_bytes; }
  std::uint32_t inode_bytes() const { return ufs2 ? 256 : 128; }
  std::uint32_t pointers_per_block() const { return block_bytes / (ufs2 ? 8 : 4); }
  std::uint64_t group_base(std::uint32_t group) const {
    return std::uint64_t{group} * group_fragments;
  }
  // Where what `super_at` and the others count from is.
  std::uint64_t group_start(std::uint32_t group) const {
    return group_base(group) + (ufs2 ? 0 : std::uint64_t{group_shift} * (group & ~group_mask));
  }
  std::uint32_t fragments_in(std::uint32_t group) const;
  bool has_group_hashes() const;

 private:
  static std::optional<UfsSuper> decode(std::vector<std::byte> bytes, std::uint64_t offset);
  void decode_sizes();
  void decode_rest();
  Result<void> check_numbers(std::uint64_t volume_bytes) const;
  Result<void> check_groups() const;
  Result<void> check_hash() const;
};

}  // namespace drydock::fs
