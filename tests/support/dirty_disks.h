// Disks of a PC that lost its power while writing: their filesystems have work left in their
// journals, and whoever mounts them, even read-only, writes to them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/vm_spec.h"

namespace drydock::test {

// Why they cannot be made here, or nothing.
std::optional<std::string> why_no_dirty_disks();

// Makes an ext4, an XFS and a Btrfs disk in `folder` with the host's mkfs tools, writes to them in
// a machine that boots the ISO, and pulls the plug. On three different buses.
std::vector<VmDisk> make_dirty_disks(const std::filesystem::path& folder);

// Do they still wait for a journal replay, according to dumpe2fs, xfs_logprint and btrfs
// inspect-internal?
bool ext4_is_dirty(const std::filesystem::path& disk);
bool xfs_is_dirty(const std::filesystem::path& disk);
bool btrfs_is_dirty(const std::filesystem::path& disk);

}  // namespace drydock::test
