// What the tests of the filesystem drivers share: volumes to look at, and witnesses to compare
// with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/volume.h"

namespace drydock::test {

// A volume file as the drivers see it.
Volume survey_volume(const std::filesystem::path& path);

// Files of many sizes and names, in nested folders, the same for the same seed. Some are made to
// be deleted again: their names begin with "gone".
void make_tree(const std::filesystem::path& root, unsigned seed, unsigned files);

// Deletes the files below it whose names begin with "gone".
void delete_gone(const std::filesystem::path& root);

// Makes a volume: a sparse file of `bytes`, and a filesystem on it by `command`, which gets
// `options` and the file's name as its last arguments.
void format_volume(const std::filesystem::path& volume, std::uint64_t bytes,
                   std::vector<std::string> command, const std::vector<std::string>& options,
                   const std::map<std::string, std::string>& env = {});

// A restore as the worst target would have it: a file full of noise, and only `used` of the volume
// copied onto it.
void restore_onto_noise(const std::filesystem::path& volume, const ExtentMap& used,
                        const std::filesystem::path& target);

// Deterministic bytes that no filesystem would mistake for its own.
std::string noise(std::uint64_t seed, std::size_t bytes);

// The areas marked '+' in a map as ddrescue and partclone -D write it.
ExtentMap parse_mapfile(std::string_view text);

// What partclone.KIND calls used on a volume.
ExtentMap partclone_map(std::string_view kind, const std::filesystem::path& volume,
                        const std::filesystem::path& scratch);

// The decimal number at the start of a text. Throws std::runtime_error where there is none.
std::uint64_t leading_number(std::string_view text);
// What stands between spaces.
std::vector<std::string_view> words_of(std::string_view line);
// The number in the first line that begins with `key`, behind it; nothing when there is none.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key);

// "a-b, c, …" as dumpe2fs and others print ranges of blocks, both ends included.
std::vector<Extent> parse_ranges(std::string_view text);

// For messages: the first bytes in which the maps differ.
std::string difference(const ExtentMap& a, const ExtentMap& b);

}  // namespace drydock::test
