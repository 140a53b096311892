// Surveys of damaged volumes: what a driver must answer to every bad sector and every wrong bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.h"
#include "core/extent_map.h"
#include "io/block_source.h"
#include "io/memory_disk.h"

namespace drydock::test {

using MapReader = Result<ExtentMap> (*)(const io::BlockSource& volume);

// As all drivers together see a volume: the map, or why it is kept whole.
Result<ExtentMap> surveyed_map(const io::BlockSource& volume);

// A volume file in memory, where it can be damaged quickly.
io::MemoryDisk in_memory(const std::filesystem::path& volume);

// Maps the volume with sectors unreadable, one at a time: those that it uses and whose offset is
// `chosen`. The answer is the same map or a reason why it cannot be read. Returns how often it was
// a reason.
std::uint64_t survey_unreadable(const io::MemoryDisk& disk, MapReader map,
                                const std::function<bool(std::uint64_t offset)>& chosen);
// The same with every sector that it uses, of which some must matter.
void survey_unreadable(const std::filesystem::path& volume, MapReader map);

// Maps the volume with bits of `where` flipped, one at a time (every `step`th): the answer has
// all that was in use before, or is a reason.
void survey_flipped(const std::filesystem::path& volume, MapReader map, const ExtentMap& where,
                    std::uint64_t step = 1);

}  // namespace drydock::test
