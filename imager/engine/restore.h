#pragma once

#include <string>
#include <vector>

#include "base/stop.h"
#include "engine/watcher.h"
#include "image/reader.h"
#include "io/block_sink.h"
#include "io/block_source.h"

namespace drydock::engine {

// load → unpack → place: writes what the image captured to the target, nothing else. Every frame
// is proved by its digests before it is written. A damaged one ends the restore with an Error that
// names the bytes; with `lost` it becomes zeros and is added to that. The caller flushes.
Result<void> restore(const image::ImageReader& image, io::BlockSink& target, unsigned workers,
                     Watcher& watcher, const Stop& stop, ExtentMap* lost = nullptr);

// Part of an image that is not what was saved.
struct BadFrame {
  Extent file;
  Extent disk;
  std::string what;
};

// load → unpack → tally: proves every frame and goes on after a damaged one.
Result<std::vector<BadFrame>> verify(const image::ImageReader& image, unsigned workers,
                                     Watcher& watcher, const Stop& stop);

// Like verify(), but compares the target with the image: gives the parts of the disk where what
// was captured is not what the target holds. `except` was changed on purpose after the restore.
Result<ExtentMap> compare(const image::ImageReader& image, const io::BlockSource& target,
                          const ExtentMap& except, unsigned workers, Watcher& watcher,
                          const Stop& stop);

// Bytes of memory that any of these takes at most beside the open image.
std::uint64_t restore_memory(const image::ImageReader& image, unsigned workers);
std::uint64_t compare_memory(const image::ImageReader& image, unsigned workers);

}  // namespace drydock::engine
