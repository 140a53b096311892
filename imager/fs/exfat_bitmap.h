#pragma once

#include <functional>

#include "fs/exfat_folders.h"

namespace drydock::fs {

// Calls `visit` with the allocation bitmap piece by piece (exFAT specification §7.1): the first
// `count` bits of `bits` stand for clusters from `first` on.
Result<void> each_bitmap_piece(
    const io::BlockSource& volume, const ExfatBoot& boot, Window& fat, const ExfatEntry& bitmap,
    const std::function<void(Bytes bits, std::uint64_t first, std::uint64_t count)>& visit);

}  // namespace drydock::fs
