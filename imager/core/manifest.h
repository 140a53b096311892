#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/disk_id.h"
#include "core/geometry.h"
#include "core/layout.h"
#include "core/volume.h"

namespace drydock {

// A volume as the manifest of an image tells it; the maps themselves stand elsewhere.
struct VolumeRecord {
  Partition partition;
  VolumeInfo info;
  std::string whole_reason;      // empty: used-block
  std::uint64_t kept_bytes = 0;  // bytes of it that the image holds
  std::vector<InnerVolume> inner = {};

  bool operator==(const VolumeRecord&) const = default;
};

// What an image says about itself (docs/format.md §3).
struct Manifest {
  unsigned version = 1;
  std::string image_id;  // 32 hex digits
  std::string created;   // "2026-11-25T08:15:00Z"; empty when unknown
  std::string tool;      // "drydock 0.1.0"
  std::string note;
  Geometry geometry;
  DiskId id;
  TableKind table = TableKind::none;
  std::string table_id;
  std::vector<VolumeRecord> volumes;
  std::uint64_t chunk_bytes = 0;
  std::uint64_t kept_bytes = 0;
  int level = 0;

  bool operator==(const Manifest&) const = default;
};

}  // namespace drydock
