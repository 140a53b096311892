// What the tests of the readers of FAT and exFAT ask of them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "fs/files.h"

namespace drydock::test {

// The names in a folder, and behind them an Error if that is how it ended.
inline std::vector<std::string> names_in(fs::Files& files, const fs::FileNode& folder) {
  std::vector<std::string> names;
  const auto listed = files.list(folder, [&](std::string_view name, std::uint64_t) {
    names.emplace_back(name);
    return true;
  });
  if (!listed) names.push_back("Error: " + listed.error().what);
  return names;
}

inline std::vector<std::string> names_in_root(fs::Files& files) {
  return names_in(files, files.root().value());
}

inline fs::FileNode node_at(fs::Files& files, std::string_view path) {
  return fs::look_up(files, files.root().value(), path).value().value();
}

// "FILE+LENGTH@VOLUME …", and an Error if that is how it ended.
inline std::string pieces_at(fs::Files& files, std::string_view path) {
  std::string text;
  const auto told = files.pieces(node_at(files, path), [&](const fs::FilePiece& piece) {
    text += std::to_string(piece.in_file.offset) + "+" + std::to_string(piece.in_file.length) +
            "@" + std::to_string(piece.on_volume.offset) + " ";
    if (piece.on_volume.length != piece.in_file.length || piece.packed) text += "not so ";
  });
  return told ? text : text + "Error: " + told.error().what;
}

// All of a file (or the first MiB), or the Error.
inline std::string text_at(fs::Files& files, std::string_view path) {
  const fs::FileNode node = node_at(files, path);
  std::vector<std::byte> bytes(std::min<std::uint64_t>(node.bytes, 1 << 20));
  const auto read = files.read(node, 0, bytes);
  if (!read) return "Error: " + read.error().what;
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace drydock::test
