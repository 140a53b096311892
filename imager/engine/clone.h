#pragma once

#include <vector>

#include "base/hash.h"
#include "base/stop.h"
#include "core/extent_map.h"
#include "engine/watcher.h"
#include "io/block_sink.h"
#include "io/block_source.h"

namespace drydock::engine {

struct CloneSettings {
  std::uint64_t chunk = 0;
  unsigned workers = 1;
};

struct Cloned {
  ExtentMap unreadable;
  // Of each chunk with anything in it, what is not copied being zeros; in order. What reads the
  // target back needs no more of the source.
  std::vector<Digest> digests;
};

// fetch → digest → place: copies `copied` of the source to the target, nothing else. Sectors that
// the source does not give become zeros. The caller flushes.
Result<Cloned> clone(const io::BlockSource& source, const ExtentMap& copied, io::BlockSink& target,
                     const CloneSettings& settings, Watcher& watcher, const Stop& stop);

// Reads `copied` of the target and compares: the chunks that are not what clone() copied.
Result<ExtentMap> compare_clone(const io::BlockSource& target, const ExtentMap& copied,
                                std::span<const Digest> digests, std::uint64_t disk_bytes,
                                const CloneSettings& settings, Watcher& watcher, const Stop& stop);

// Bytes of memory that either takes at most beside the maps.
std::uint64_t clone_memory(const CloneSettings& settings, std::uint64_t chunks);

}  // namespace drydock::engine
