#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// What begins every descriptor (ECMA-167 3/7.2).
enum class UdfTag : std::uint16_t {
  primary_volume = 1,
  anchor = 2,
  pointer = 3,
  partition = 5,
  logical_volume = 6,
  terminator = 8,
  integrity = 9,
  file_set = 256,
  file_identifier = 257,
  allocation_extent = 258,
  file_entry = 261,
  space_bitmap = 264,
  extended_file_entry = 266,
};

// Whether the bytes begin with a tag that is intact, of this kind and place. With `contents` also
// what the tag's CRC covers must be intact and inside the bytes.
bool is_udf(Bytes bytes, UdfTag tag, std::uint64_t block, bool contents = true);

// A place inside the partition (long_ad, ECMA-167 4/14.14.2).
struct UdfAddress {
  std::uint32_t length = 0;  // bytes; the two bits of its kind are taken away
  std::uint32_t block = 0;
  std::uint16_t partition = 0;
};
UdfAddress udf_address(const ByteReader& f, std::size_t at);

// What the volume descriptors say (ECMA-167 3/8 to 3/10; OSTA UDF 2.60 §2.2).
struct UdfVolume {
  std::uint32_t block_bytes = 0;
  std::string label;
  std::string uuid;
  std::uint16_t revision = 0;  // 0x0201: UDF 2.01
  std::uint32_t maps = 0;      // partition maps
  bool direct = false;         // the first of them is of type 1
  std::uint32_t partitions = 0;
  std::uint32_t access = 0;
  std::uint64_t partition_at = 0;  // blocks
  std::uint64_t partition_blocks = 0;
  std::uint32_t bitmap_at = 0;  // in the partition, as what follows
  std::uint32_t bitmap_bytes = 0;
  bool other_space = false;  // there are other tables or bitmaps of free space
  UdfAddress file_set;
  // The integrity descriptor (3/10.10).
  bool has_integrity = false;
  bool closed = false;
  std::uint32_t integrity_partitions = 0;
  std::uint32_t free_blocks = 0;
  std::uint32_t sized_blocks = 0;
  // Wherever the descriptors are; bytes of the volume.
  std::array<Extent, 4> descriptors{};

  // Nothing when there is no anchor in block 256. A descriptor that is not intact counts as
  // missing.
  static Result<std::optional<UdfVolume>> read(const io::BlockSource& volume);

  // Fails with the reason when Drydock does not understand it or it was not left in order.
  Result<void> check(std::uint64_t volume_bytes) const;

  std::uint64_t bytes_of(std::uint64_t blocks) const { return blocks * block_bytes; }

 private:
  Result<void> read_sequence(const io::BlockSource& volume, std::uint32_t at, std::uint32_t bytes);
  Result<void> read_integrity(const io::BlockSource& volume);
  void decode_primary(const ByteReader& f);
  void decode_logical(const ByteReader& f);
  void decode_partition(const ByteReader& f);
  Result<void> check_kind() const;

  bool continued_ = false;  // the descriptors go on elsewhere
};

}  // namespace drydock::fs
