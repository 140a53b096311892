#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::fs {

// Clusters of an attribute that lie together on the volume, or a hole in it.
struct NtfsRun {
  std::uint64_t vcn = 0;  // where in the attribute, in clusters
  std::uint64_t lcn = 0;  // where on the volume, in clusters; meaningless for a hole
  std::uint64_t length = 0;
  bool hole = false;

  bool operator==(const NtfsRun&) const = default;
};

// A file record by its number, and which of the files that had it one after the other is meant.
struct NtfsReference {
  std::uint64_t record = 0;
  std::uint16_t sequence = 0;

  static NtfsReference decode(std::uint64_t packed) {
    return {packed & 0xFFFFFFFFFFFF, static_cast<std::uint16_t>(packed >> 48)};
  }
  std::uint64_t packed() const { return std::uint64_t{sequence} << 48 | record; }
};

// One attribute record. The spans point into the file record.
struct NtfsAttribute {
  enum Type : std::uint32_t {
    kAttributeList = 0x20,
    kFileName = 0x30,
    kVolumeName = 0x60,
    kVolumeInformation = 0x70,
    kData = 0x80,
    kIndexRoot = 0x90,
    kIndexAllocation = 0xA0,
    kBitmap = 0xB0,
    kReparsePoint = 0xC0,
  };
  enum Flags : std::uint16_t { kCompressed = 0x00FF, kEncrypted = 0x4000, kSparse = 0x8000 };

  std::uint32_t type = 0;
  std::uint16_t flags = 0;
  std::string name;  // UTF-8, empty for the unnamed one
  bool resident = true;
  Bytes value;  // of a resident one

  // Of a non-resident one. Sizes are those of the whole attribute, and told only in its first
  // piece.
  std::uint64_t first_vcn = 0;
  std::uint64_t last_vcn = 0;  // UINT64_MAX for an empty one
  std::uint64_t size = 0;
  std::uint64_t initialised = 0;
  Bytes mapping;  // the packed runs

  // The runs of this piece, each inside a volume of `clusters` clusters, without gaps from
  // first_vcn to last_vcn.
  Result<std::vector<NtfsRun>> runs(std::uint64_t clusters) const;
};

// Checks the magic and puts back the last two bytes of every 512 that the update sequence protects
// (for file, index and log restart records alike).
Result<void> apply_fixups(MutableBytes record, std::string_view magic);

// All attributes of a file record after apply_fixups.
Result<std::vector<NtfsAttribute>> attributes_of(Bytes record);

inline bool is_in_use(Bytes record) {
  return (ByteReader(record).le16(0x16) & 1) != 0;
}

// A file record after apply_fixups.
class NtfsRecord {
 public:
  explicit NtfsRecord(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  bool in_use() const { return is_in_use(bytes_); }
  bool is_folder() const { return (ByteReader(bytes_).le16(0x16) & 2) != 0; }
  std::uint16_t sequence() const { return ByteReader(bytes_).le16(0x10); }
  std::uint64_t base() const { return ByteReader(bytes_).le64(0x20) & 0xFFFFFFFFFFFF; }
  // They point into the record.
  Result<std::vector<NtfsAttribute>> attributes() const { return attributes_of(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace drydock::fs
