#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// ISO 9660, as on discs and in their images, also with UDF beside it. Such a volume is finished:
// nothing inside it is free.
Result<std::optional<VolumeInfo>> probe_optical(const io::BlockSource& volume);

// What the volume recognition area announces (ECMA-167 2/8.3).
struct OpticalKind {
  std::optional<VolumeInfo> iso;
  bool udf = false;
};
Result<OpticalKind> optical_kind(const io::BlockSource& volume);

// Adds what the descriptors of a UDF say of it.
Result<void> add_udf(const io::BlockSource& volume, VolumeInfo& info);

}  // namespace drydock::fs
