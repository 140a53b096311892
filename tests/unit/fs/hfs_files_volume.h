// HFS Plus volumes on which every sector of a file says what it is, and what a reader tells of
// them.
#pragma once

#include <boost/test/unit_test.hpp>
#include <format>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fs/hfs.h"
#include "support/hfs_maker.h"
#include "unit/fs/fs_builders.h"

namespace drydock::test {

inline constexpr std::uint64_t kHfsBlock = 512;
inline constexpr std::uint32_t kHfsNode = 1024;  // two or three records each
inline constexpr std::uint32_t kFirstHfsFile = HfsFile::kFirst;

// What every sector of a file says: whose it is, and where in the file.
inline std::string hfs_sector(std::uint32_t file, std::uint64_t sector) {
  std::string text = std::format("sector {} of {};", sector, file);
  while (text.size() < 512) text += text;
  text.resize(512);
  return text;
}

inline HfsRecipe hfs_tree_of(std::vector<HfsFile> files) {
  HfsRecipe recipe;
  recipe.block = kHfsBlock;
  recipe.node = kHfsNode;
  recipe.nodes = 64;
  recipe.extents_nodes = 8;
  recipe.files = std::move(files);
  return recipe;
}

// A volume on which every block of a data fork says what it is.
struct HfsFilesVolume {
  explicit HfsFilesVolume(HfsRecipe given, std::uint32_t blocks = 2000)
      : recipe(std::move(given)), disk(blocks * kHfsBlock), places(make_hfs(disk, recipe)) {
    std::uint32_t id = kFirstHfsFile + (recipe.journal != 0 ? 2 : 0);
    for (const HfsFile& file : recipe.files) {
      std::uint64_t sector = 0;
      for (const auto& [first, count] : file.extents)
        for (std::uint32_t block = first; block < first + count; ++block)
          put_text(disk, places.offset + block * kHfsBlock, hfs_sector(id, sector++));
      ++id;
    }
  }

  std::uint64_t node_at(std::uint32_t number) const {
    return places.offset + places.catalog * kHfsBlock + std::uint64_t{number} * kHfsNode;
  }
  // Of a node of the catalog: where its record is.
  std::uint64_t record_at(std::uint32_t number, unsigned index) const {
    const Bytes node = Bytes(disk.content()).subspan(node_at(number), kHfsNode);
    return node_at(number) + ByteReader(node).be16(kHfsNode - 2 * (index + 1));
  }
  std::uint32_t catalog_root() const {
    return load_be<std::uint32_t>(disk.content().data() + node_at(0) + 16);
  }
  unsigned records_in(std::uint32_t number) const {
    return load_be<std::uint16_t>(disk.content().data() + node_at(number) + 10);
  }

  HfsRecipe recipe;
  io::MemoryDisk disk;
  HfsPlaces places;
};

// All that a reader tells of a volume.
struct HfsSeen {
  std::map<std::string, fs::FileNode> nodes;  // by path
  std::vector<std::string> problems;
};

inline void see_hfs_folder(fs::Files& files, const fs::FileNode& folder, const std::string& path,
                           HfsSeen& seen) {
  std::vector<std::pair<std::string, std::uint64_t>> entries;
  const auto listed = files.list(folder, [&](std::string_view name, std::uint64_t id) {
    entries.emplace_back(name, id);
    return entries.size() < 1000;
  });
  if (!listed) seen.problems.push_back(listed.error().what);
  for (const auto& [name, id] : entries) {
    const auto node = files.node(id);
    if (!node) {
      seen.problems.push_back(node.error().what);
      continue;
    }
    BOOST_TEST(!seen.nodes.contains(path + "/" + name));
    seen.nodes[path + "/" + name] = *node;
    if (node->kind == fs::FileNode::Kind::folder)
      see_hfs_folder(files, *node, path + "/" + name, seen);
  }
}

// Calls `look` with the volume's files and what is seen of them.
inline void look_at_hfs(const io::BlockSource& volume,
                        const std::function<void(fs::Files& files, const HfsSeen& seen)>& look) {
  const auto visited = fs::files_hfs(
      volume,
      [&](fs::Files& files, const fs::FileNode& root, std::string_view path) -> Result<bool> {
        BOOST_TEST(path == "");
        HfsSeen seen;
        see_hfs_folder(files, root, "", seen);
        look(files, seen);
        return true;
      });
  BOOST_TEST(visited.has_value());
}

inline std::string hfs_names(const HfsSeen& seen) {
  std::string names;
  for (const auto& [path, node] : seen.nodes) names += path + "\n";
  return names;
}

inline HfsSeen seen_of(const io::BlockSource& volume) {
  HfsSeen seen;
  look_at_hfs(volume, [&](fs::Files&, const HfsSeen& found) { seen = found; });
  return seen;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Whether the bytes that pieces name, read from the volume itself, are those of the file; how many
// these are.
inline std::uint64_t prove_hfs_pieces(const HfsFilesVolume& volume, fs::Files& files,
                                      const fs::FileNode& node, Result<void>* outcome = nullptr) {
  std::uint64_t told = 0, behind = 0;
  auto result = files.pieces(node, [&](const fs::FilePiece& piece) {
    BOOST_TEST(!piece.packed);
    BOOST_TEST(piece.in_file.offset >= behind);
    BOOST_TEST(piece.in_file.length == piece.on_volume.length);
    BOOST_TEST(piece.in_file.end() <= node.bytes);
    behind = piece.in_file.end();
    for (std::uint64_t at = 0; at < piece.in_file.length; at += 512) {
      const std::size_t length = std::min<std::uint64_t>(512, piece.in_file.length - at);
      const Bytes found = Bytes(volume.disk.content()).subspan(piece.on_volume.offset + at, length);
      const std::string wanted =
          hfs_sector(static_cast<std::uint32_t>(node.id), (piece.in_file.offset + at) / 512);
      BOOST_TEST((std::ranges::equal(found, as_bytes(wanted).first(length))));
      told += length;
    }
  });
  if (outcome != nullptr)
    *outcome = std::move(result);
  else
    BOOST_TEST(result.has_value());
  return told;
}

inline std::string hfs_contents(fs::Files& files, const fs::FileNode& node) {
  const auto bytes = fs::read_file(files, node, 1 << 20);
  if (!bytes) return "! " + bytes.error().what;
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

// Extents of one block with one between them.
inline HfsFile::Extents hfs_scattered(std::uint32_t first, std::uint32_t count) {
  HfsFile::Extents extents;
  for (std::uint32_t i = 0; i < count; ++i) extents.emplace_back(first + 2 * i, 1);
  return extents;
}

inline std::vector<HfsFile> many_hfs_files(unsigned count) {
  std::vector<HfsFile> files;
  for (unsigned i = 0; i < count; ++i)
    files.push_back({.name = std::format("file{:02}", i), .extents = {{1700 + 2 * i, 1}}});
  return files;
}

// Whose files are all in the root.
inline std::string all_hfs_names(unsigned count, unsigned but_from = 0, unsigned but = 0) {
  std::string names;
  for (unsigned i = 0; i < count; ++i)
    if (i < but_from || i >= but_from + but) names += std::format("/file{:02}\n", i);
  return names;
}

inline void put_hfs32(HfsFilesVolume& volume, std::uint64_t at, std::uint32_t value) {
  store_be(volume.disk.content().data() + at, value);
}

}  // namespace drydock::test
