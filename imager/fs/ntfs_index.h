#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fs/ntfs_volume.h"

namespace drydock::fs {

// A name in a folder and the file record that has it. A file with a long name may have a short one
// (8.3) as well.
struct NtfsName {
  NtfsReference file;
  std::string name;       // UTF-8
  bool is_short = false;  // and there is a long one too
};

// Told each name of a folder; false ends the listing.
using NtfsVisit = std::function<bool(const NtfsName& name)>;

// The entries of a folder's index ($I30), in the order in which they are stored. Fails in the end
// when any block in use is damaged, so that what is not found is not there.
Result<void> list_folder(const NtfsVolume& volume, std::uint64_t folder, const NtfsVisit& visit);

// Upper and lower case are the same in ASCII, all that is asked for here.
Result<std::optional<NtfsReference>> find_in_folder(const NtfsVolume& volume, std::uint64_t folder,
                                                    std::string_view name);

// The same by the order of the names, in a few reads. An index that is out of order may hide a
// name.
Result<std::optional<NtfsReference>> look_up_in_folder(const NtfsVolume& volume,
                                                       std::uint64_t folder, std::string_view name);

}  // namespace drydock::fs
