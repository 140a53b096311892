#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"

namespace drydock::fs {

// What the rule of trust (docs/filesystems.md) asks of every driver in the same words. A failure is
// the reason, for a person, to keep the whole volume.

// Fails when a bit is set that is not `understood`; `set` as in "incompatible features".
Result<void> only_known(std::uint64_t flags, std::uint64_t understood, std::string_view set);

// Fails when the volume is smaller than the filesystem says to be: `count` units of `unit_bytes`;
// `units` as in "blocks".
Result<void> must_fit(std::uint64_t count, std::string_view units, std::uint64_t unit_bytes,
                      std::uint64_t volume_bytes);

// Fails when part of what the layout says to be metadata is not in use; `witness` as in "its
// bitmaps". The sentence counts in `units` of `unit_bytes`.
Result<void> metadata_in_use(const ExtentMap& in_use, const ExtentMap& metadata,
                             std::string_view witness, std::string_view units,
                             std::uint64_t unit_bytes);

// What is in use inside the filesystem's `area`, and all of the volume that lies around it.
ExtentMap with_outside(const ExtentMap& in_use, Extent area, std::uint64_t volume_bytes);

// Fills in the sizes that follow from counts of units; not when those are nonsense.
void set_counts(VolumeInfo& info, std::uint64_t unit_bytes, std::uint64_t total,
                std::uint64_t free);

}  // namespace drydock::fs
