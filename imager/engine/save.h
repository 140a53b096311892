#pragma once

#include "base/stop.h"
#include "core/extent_map.h"
#include "engine/watcher.h"
#include "image/writer.h"
#include "io/block_source.h"

namespace drydock::engine {

struct SaveSettings {
  std::uint64_t chunk = 0;
  int level = 0;
  unsigned workers = 1;
};

struct Saved {
  Digest digest;  // of the whole disk
  ExtentMap unreadable;
};

// fetch → pack → store. `writer` has begun; everything up to and with the seek table is written.
// The image's bytes depend on the source, the map, chunk and level alone, never on `workers`.
//
// `stored` is what an earlier run left of the image, from which `writer` keeps; null: nothing. Its
// frames are read, proved and compared with the source instead of being packed, up to the first
// that is not whole. One that is whole and not what the source holds is Code::bad_input.
Result<Saved> save(const io::BlockSource& source, const ExtentMap& captured,
                   const SaveSettings& settings, image::ImageWriter& writer, Watcher& watcher,
                   const Stop& stop, const io::BlockSource* stored = nullptr);

// Bytes of memory that save() takes at most beside the maps it was given: buffers, contexts,
// stacks and the index.
std::uint64_t save_memory(const SaveSettings& settings, std::uint64_t frames, bool resumed = false);

}  // namespace drydock::engine
