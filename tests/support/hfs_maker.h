// Empty and filled HFS Plus, HFSX and wrapped volumes, made by Apple's TN1150: Debian has no
// program that makes them. Shares no code with the driver.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/block_sink.h"

namespace drydock::test {

// A file or folder of a volume that is made. Its blocks are taken as they are given, and its number
// is kFirst and its place among all files: a journal's two files come before.
struct HfsFile {
  static constexpr std::uint32_t kFirst = 16;
  using Extents = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // first block, count

  std::string name;         // UTF-8, decomposed; upper case in ASCII only
  Extents extents = {};     // of the data fork; more than eight go to the extents overflow file
  std::uint64_t bytes = 0;  // 0: all that the blocks hold
  std::uint32_t parent = 2;
  bool folder = false;
  std::uint16_t mode = 0100644;
  std::string finder = "";    // type and creator
  std::uint32_t special = 0;  // of a hard link
  bool folder_link = false;
  Extents resource = {};
  std::optional<std::uint64_t> unpacked = {};  // it is compressed, and so long in truth
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
  std::vector<HfsFile> files = {};
  bool catalog_in_pieces = false;              // as far as possible, of a block each
  std::size_t leaf_records = ~std::size_t{0};  // at most, in a leaf of any tree
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
