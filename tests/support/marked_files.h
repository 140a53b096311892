// Files of which every 512 bytes say whose they are and where in the file: so the raw bytes of a
// volume prove where a file's contents lie.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "fs/driver.h"

namespace drydock::test {

// The 512 bytes at that place of a file: "file 7 block 3;" again and again.
std::string marked_block(unsigned file, std::uint64_t block);

// `file` tells it from others.
std::string marked_content(unsigned file, std::size_t bytes);

// A tree of such files: nested folders, long and short names, ASCII and not, many sizes, some of
// them to be deleted (as of make_tree).
void make_marked_tree(const std::filesystem::path& top);

// How many files there were, and how many of them in more than one piece.
struct MarkedCount {
  unsigned files = 0;
  unsigned in_pieces = 0;
};

// What a reader of a volume says, against the same files below `tree`: the same folders and files,
// with the same contents; the pieces of each file one after the other, all of it where it is not
// zeros, at places of the volume that hold just those bytes, and no place in two files. Throws
// std::runtime_error with the first difference.
MarkedCount compare_marked(decltype(fs::Driver::files) reader, const std::filesystem::path& volume,
                           const std::filesystem::path& tree);

// The numbers of all files, by path.
std::map<std::string, std::uint64_t> file_numbers(decltype(fs::Driver::files) reader,
                                                  const std::filesystem::path& volume);

}  // namespace drydock::test
