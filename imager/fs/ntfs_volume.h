#pragma once

#include <optional>

#include "fs/ntfs_record.h"
#include "io/block_source.h"

namespace drydock::fs {

// The boot sector of an NTFS volume.
struct NtfsBoot {
  std::uint32_t sector_bytes = 0;
  std::uint32_t cluster_bytes = 0;
  std::uint64_t sectors = 0;
  std::uint64_t mft = 0;         // in clusters
  std::uint64_t mft_mirror = 0;  // in clusters
  std::uint32_t record_bytes = 0;
  std::uint64_t serial = 0;

  // Nothing when the magic is missing. Sizes that make no sense are 0.
  static std::optional<NtfsBoot> decode(Bytes sector);
  Result<void> check(std::uint64_t volume_bytes) const;

  std::uint64_t clusters() const { return sectors * sector_bytes / cluster_bytes; }
};

// The contents of an attribute, wherever they lie.
struct NtfsStream {
  bool resident = false;
  std::uint16_t flags = 0;
  std::vector<std::byte> value;  // of a resident one
  std::vector<NtfsRun> runs;     // of another, in order, without gaps from VCN 0 on; bounded
  std::uint64_t size = 0;
  std::uint64_t initialised = 0;  // beyond this it reads as zeros
};

// Files by their number in the master file table. For one thread; the source must outlive it.
class NtfsVolume {
 public:
  enum File : std::uint64_t {
    kMft = 0,
    kMirror = 1,
    kLog = 2,
    kVolume = 3,
    kRoot = 5,
    kBitmap = 6
  };

  static Result<NtfsVolume> open(const io::BlockSource& source);

  const NtfsBoot& boot() const { return boot_; }
  std::uint64_t records() const { return mft_.initialised / boot_.record_bytes; }
  const NtfsStream& mft() const { return mft_; }

  // The boot sector's place of the copy of the first records.
  Result<NtfsRecord> mirrored(std::uint64_t number) const;
  Result<NtfsRecord> record(std::uint64_t number) const;
  // The same; fails when the record has gone to another file since.
  Result<NtfsRecord> record(const NtfsReference& file) const;
  // The attribute of that type and name, followed through attribute lists.
  Result<NtfsStream> stream(std::uint64_t file, NtfsAttribute::Type type,
                            std::string_view name = {}) const;
  // Inside the stream's size; holes and what was never written read as zeros.
  Result<std::vector<std::byte>> read(const NtfsStream& stream, std::uint64_t offset,
                                      std::size_t length) const;

 private:
  NtfsVolume(const io::BlockSource& source, NtfsBoot boot) : source_(&source), boot_(boot) {}

  Result<NtfsRecord> record_in(const NtfsStream& mft, std::uint64_t number) const;
  Result<void> append(NtfsStream& stream, const NtfsAttribute& piece) const;
  Result<NtfsStream> gather(const NtfsStream* mft, std::uint64_t file, const NtfsRecord& base,
                            NtfsAttribute::Type type, std::string_view name) const;

  const io::BlockSource* source_;
  NtfsBoot boot_;
  NtfsStream mft_;
};

}  // namespace drydock::fs
