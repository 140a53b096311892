// NTFS volumes whose own files lie in very many pieces, as they do after years on a full disk.
#pragma once

#include <cstdint>
#include <filesystem>

namespace drydock::test {

struct Scattered {
  std::size_t runs = 0;       // of the file's contents
  std::size_t records = 0;    // that tell of them besides its own
  bool list_outside = false;  // its attribute list lies in clusters of its own
};

// Moves all but the first `keep` clusters of the contents of file record `number` to single
// clusters with gaps between them, and tells of them through an attribute list, in `runs_each` runs
// (at most 95) a record: in records not in use, for the master file table in those reserved for it
// (16 to 23). The volume must not be mounted.
Scattered scatter_ntfs(const std::filesystem::path& volume, std::uint64_t number,
                       std::uint64_t keep, std::size_t runs_each);

}  // namespace drydock::test
