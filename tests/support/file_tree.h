// All that a person would miss if a copy of a filesystem lost it, in text.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "support/files.h"

namespace drydock::test {

// Path below the top → type, mode, owner, size, modification time (to the nanosecond), link target
// or XXH3-128 of the contents, hard-link group, device numbers, extended attributes. Two equal
// trees have equal maps.
using FileTree = std::map<std::string, std::string>;

// Of a folder of this machine. Does not follow links nor enter other filesystems.
FileTree file_tree(const std::filesystem::path& top);

// Of an ext2/3/4 volume in a disk image: mounted read-only without touching its journal. Needs root
// and a free loop device: why_no_mount() tells whether that is to be had.
FileTree ext_tree(const std::filesystem::path& disk, const Range& volume);
std::optional<std::string> why_no_mount();

// Of a FAT volume in a disk image, by mtools: names, contents and times.
FileTree fat_tree(const std::filesystem::path& disk, const Range& volume);

// A line each, for another program to read: names and texts have neither tabs nor newlines.
std::string to_text(const FileTree& tree);
FileTree from_text(std::string_view text);

// "same", or what differs: the first few paths and how.
std::string difference(const FileTree& a, const FileTree& b);

}  // namespace drydock::test
