// Empty and filled HFS Plus, HFSX and wrapped volumes, made by Apple's TN1150: Debian has no
// program that makes them. Shares no code with the driver.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "io/block_sink.h"

namespace drydock::test {

// A file of a volume that is made. Its blocks are taken as they are given.
struct HfsFile {
  using Extents = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // first block, count

  std::string name;         // lower-case ASCII; files of a volume are in order
  Extents extents = {};     // of the data fork; more than eight go to the extents overflow file
  std::uint64_t bytes = 0;  // 0: all that the blocks hold
};

struct HfsRecipe {
  std::string label = "drydock";
  std::uint32_t block = 4096;
  bool extended = false;      // HFSX, which tells upper and lower case apart
  bool wrapped = false;       // in an HFS volume
  std::uint32_t node = 4096;  // of the catalog and attributes files
  std::uint32_t nodes = 16;   // in each of them
  std::uint32_t extents_node = 512;
  std::uint32_t extents_nodes = 64;  // more than 2048 of 512 bytes need map nodes
  std::uint64_t journal = 0;         // bytes of a journal inside, 0: none
  bool attribute_file = true;
  HfsFile::Extents bad_blocks = {};
  std::vector<HfsFile> files = {};  // few: all their records lie in one leaf
};

// Where things are in a volume that was made, in blocks of the HFS Plus volume, which begins
// `offset` bytes into the medium.
struct HfsPlaces {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint32_t blocks = 0;
  std::uint32_t free_blocks = 0;
  std::uint32_t allocation = 0;
  std::uint32_t journal_info = 0;
  std::uint32_t journal = 0;
  std::uint32_t extents = 0;
  std::uint32_t catalog = 0;
  std::uint32_t attribute_file = 0;
  std::uint32_t first_free = 0;  // behind all of them
};

// Writes a volume over all of `sink`, which reads as zeros. Throws where that fails.
HfsPlaces make_hfs(io::BlockSink& sink, const HfsRecipe& recipe);
HfsPlaces make_hfs(const std::filesystem::path& file, std::uint64_t size, const HfsRecipe& recipe);

}  // namespace drydock::test
