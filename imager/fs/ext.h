#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// ext2, ext3, ext4 and external journals (jbd), as Linux 6.x and e2fsprogs 1.47 know them.
Result<std::optional<VolumeInfo>> probe_ext(const io::BlockSource& volume);

// The blocks that the bitmaps call used, all metadata wherever it lies, superblock copies, and all
// that is outside the filesystem. Checked against each other: checksums, the free counts of every
// group and of the superblock, that no metadata lies in a block called free, and that every block
// of every inode in use is called used. A journal that was not replayed is taken into account: the
// map is that of the volume as it will be.
Result<ExtentMap> used_ext(const io::BlockSource& volume);

// Driver::files of it.
Result<void> files_ext(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
