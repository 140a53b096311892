#pragma once

#include "base/result.h"
#include "core/manifest.h"
#include "image/index.h"
#include "io/block_source.h"

namespace drydock::image {

// The index of an image that has none that can be used: unfinished, cut off or damaged at its end.
// By the frames from byte `from` of the file on, each decompressed and compared with its checksum
// (docs/format.md §10). It covers the whole disk: a frame with damage, and empty ones for what is
// not there, have a digest that no frame has.
struct Walked {
  Index index;
  std::uint64_t disk_bytes = 0;  // up to here there are frames
};
Result<Walked> walk_index(const io::BlockSource& file, const Manifest& manifest,
                          std::uint64_t from);

}  // namespace drydock::image
