#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// What must be kept of a volume that holds others, as far as those tell.
struct Contents {
  ExtentMap used;
  std::vector<InnerVolume> volumes;
};

// A filesystem or other content of a volume that Drydock knows. Drivers are pure readers: bounded
// memory, no state, safe on any bytes.
struct Driver {
  std::string_view name;

  // What the volume says about itself, or nothing when it is not of this kind. Decides by magic
  // numbers alone, so a damaged volume is still recognised; an Error only when it cannot be read.
  Result<std::optional<VolumeInfo>> (*probe)(const io::BlockSource& volume);

  // The bytes that must be kept, relative to the volume, up to its end: what lies behind the
  // filesystem is always in. An Error's `what` is the reason, for a person, why the whole volume
  // is to be kept: an unknown feature, counts that disagree, damage. Null: always the whole
  // volume, for `whole_reason`, or where that is empty because Drydock has no map reader for it.
  Result<ExtentMap> (*used)(const io::BlockSource& volume) = nullptr;
  std::string_view whole_reason = {};

  // In place of `used`, of what holds other volumes. It must not come to survey() of a volume of
  // its own kind: that would go on without end.
  Result<Contents> (*contents)(const io::BlockSource& volume) = nullptr;

  // Calls `visit` with the files in it, once for each subvolume, read without mounting: as they are
  // without what waits in a journal. An Error is that of `visit`, or says why they cannot be read.
  Result<void> (*files)(const io::BlockSource& volume, const VisitFiles& visit) = nullptr;

  // The operating system installed among such files, as a person would name it ("Debian GNU/Linux
  // 13 (trixie)"), safe to show; empty when there is none. In a few small reads. Nothing rests on
  // it: an Error only means that no name is shown.
  Result<std::string> (*system)(Files& files, const FileNode& root) = nullptr;

  // Its magic number is so short that other data shows it by chance: it counts only when no other
  // driver recognises the volume.
  bool weak = false;
};

// In the order in which they are asked; the first that recognises a volume has it. Containers come
// first: what shows through them is theirs.
std::span<const Driver> drivers();

// Probes and the installed system: quick, no allocation maps. Nothing recognised gives an empty
// `filesystem`. A probe that cannot read the volume recognises nothing.
VolumeInfo identify(const io::BlockSource& volume);

// The driver that identify() goes by; null where none recognises the volume.
const Driver* driver_of(const io::BlockSource& volume);

// Probes and maps. Whatever goes wrong ends in the whole volume with a reason: also a volume that
// more than one driver recognises, where one filesystem was made over another and either may be
// the leftover.
Volume survey(const io::BlockSource& volume, const Partition& partition);

}  // namespace drydock::fs
