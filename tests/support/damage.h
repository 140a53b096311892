// Surveys of damaged volumes: what a driver must answer to every bad sector and every wrong bit.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::test {

using MapReader = Result<ExtentMap> (*)(const io::BlockSource& volume);

// Maps the volume with each sector that it uses unreadable, one at a time: the answer is the
// same map or a reason why it cannot be read.
void survey_unreadable(const std::filesystem::path& volume, MapReader map);

// Maps the volume with bits of `where` flipped, one at a time (every `step`th): the answer has
// all that was in use before, or is a reason.
void survey_flipped(const std::filesystem::path& volume, MapReader map, const ExtentMap& where,
                    std::uint64_t step = 1);

}  // namespace drydock::test
