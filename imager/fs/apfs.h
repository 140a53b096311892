#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// APFS containers on one device, as the Apple File System Reference of 2020-06-22 and apfsprogs
// 0.2.0 know them. The label is made of the names of the volumes inside.
Result<std::optional<VolumeInfo>> probe_apfs(const io::BlockSource& volume);

// The blocks that the space manager of the latest checkpoint does not call free (those that wait
// to be freed among them), and all that is behind the container. Checked against each other: the
// free counts of every chunk and of the container; and every object map, extent tree, snapshot and
// fixed area, each of whose blocks must be called used and be as many as the volumes count.
Result<ExtentMap> used_apfs(const io::BlockSource& volume);

}  // namespace drydock::fs
