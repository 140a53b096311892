#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/manifest.h"
#include "core/volume.h"
#include "io/block_source.h"
#include "sys/machine.h"

namespace drydock::job {

// The reason why a volume is kept whole where the person wanted that.
inline constexpr std::string_view kAllAskedFor = "every block was asked for";

// Everything on a disk that an image of it must hold: its table, every byte between volumes, and of
// each volume what its filesystem says is in use. A table that cannot be trusted makes the whole
// disk one volume with the reason. `all` keeps every byte of every volume. Fails only when the
// disk cannot be read at all. `user_of` tells what may write to a volume while it is read; such a
// volume is kept whole: its map would be older than what is read later.
using UserOf = std::function<std::string(const Partition&)>;
Result<DiskMap> map_disk(const io::BlockSource& disk, bool all, const UserOf& user_of = {});

// The volumes by their table and first sectors alone, for naming places: quick, no maps. Where the
// table cannot be read, one over all of the disk.
std::vector<VolumeRecord> volumes_on(const io::BlockSource& disk);

// The users that this machine knows, of the disk, partition or file at `path`.
UserOf users_on(sys::Machine& machine, const std::string& path);

}  // namespace drydock::job
