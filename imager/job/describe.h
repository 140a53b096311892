#pragma once

#include <string>
#include <vector>

#include "core/consent.h"
#include "core/manifest.h"
#include "core/volume.h"

namespace drydock::job {

// "Samsung SSD 970 (S4EWNX0M), 500 GB": what a person recognises a drive by; the path where it
// has neither model nor serial.
std::string describe_drive(const std::string& path, const DiskId& id, std::uint64_t bytes);

// "partition 2, ext4 \"root\"", "the whole disk, FAT32".
std::string describe_volume(const Partition& partition, const VolumeInfo& info);

// The same with what is kept of it: "…: 1.2 GiB of 3.0 GiB in use is kept", "…: all 512.0 MiB are
// kept, because …".
std::string describe_kept(const VolumeRecord& volume);

VolumeRecord record_of(const Volume& volume);

// A line a table and a line a volume, of what is on a disk now.
std::vector<std::string> describe_content(const DiskMap& map);

// The volume that byte `offset` of the disk belongs to, as describe_volume says it, or "no
// partition".
std::string volume_at(const std::vector<VolumeRecord>& volumes, std::uint64_t offset);

// "Bytes A to B are missing: VOLUME", the first ten areas; the last line counts the others. Nothing
// for an empty map.
std::vector<std::string> describe_missing(const ExtentMap& missing,
                                          const std::vector<VolumeRecord>& volumes);

// A word as a POSIX shell needs it, quoted only when it must be.
std::string shell_word(const std::string& word);

}  // namespace drydock::job
