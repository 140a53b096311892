// The parts of the main job, which a test and the demonstration both do: the disks it needs, and
// the proof that what came back is what was there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/disk_image.h"

namespace drydock::test {

// A copy of the sample disk that may be written to.
void copy_sample_disk(const std::filesystem::path& to);

// Another drive with one empty ext4 volume, as a person's backup disk is.
void make_store(const std::filesystem::path& disk, std::uint64_t bytes = std::uint64_t{6} << 30);

// Nothing of the disk is left, and what was zero is not any more in places: a restore must lean on
// neither.
void wipe(const std::filesystem::path& disk);

// What of the sample disk has to come back: both partition tables, what FAT32 and ext4 call used,
// swap's header.
std::vector<Range> sample_used_areas();

// The ways in which a restored disk is not the sample disk: by the bytes of the used areas, by the
// files of both filesystems with all their attributes, and by e2fsck. Empty: it is.
std::vector<std::string> differences_from_sample(const std::filesystem::path& restored);

}  // namespace drydock::test
