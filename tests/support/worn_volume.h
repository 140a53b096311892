// A mounted volume that looks as if it had been in use for a while.
#pragma once

#include <filesystem>

namespace drydock::test {

// Fills the folder at which a volume is mounted: make_tree()'s files, the first ones named "gone…"
// deleted again and their holes filled, files that grew in turns and so lie in pieces, one with
// holes in it, and links, special files and extended attributes where the filesystem has them. The
// same for the same seed; takes up to `room` bytes, at least 1 MiB.
void wear(const std::filesystem::path& top, unsigned seed, std::uint64_t room);

}  // namespace drydock::test
