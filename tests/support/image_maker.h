// Disks with known content and native images of them, in memory, for unit tests.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "core/extent_map.h"
#include "core/manifest.h"
#include "engine/save.h"
#include "io/memory_disk.h"

namespace drydock::test {

// A disk with text, incompressible and zero areas; a pure function of its arguments.
io::MemoryDisk made_disk(std::uint64_t bytes, std::uint32_t seed);

// A map of some extents on a disk of `bytes`, all of them sector-aligned.
ExtentMap made_map(std::uint64_t bytes, std::uint32_t seed);

Manifest made_manifest(const io::BlockSource& disk, const ExtentMap& captured,
                       std::uint64_t chunk_bytes);

// An image of what `captured` says, by engine::save. Chunks are small, so that there are many.
std::vector<std::byte> made_image(const io::BlockSource& disk, const ExtentMap& captured,
                                  unsigned workers = 2);

inline constexpr std::uint64_t kSmallChunk = 64 * kKiB;

class NullWatcher : public engine::Watcher {
 public:
  void moved(std::uint64_t, std::uint64_t, std::uint64_t) override {}
  void unreadable(Extent) override {}
};

}  // namespace drydock::test
