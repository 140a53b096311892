// What the fuzzers of the filesystem drivers share: a volume made from the input, and what must
// hold for every answer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fs/driver.h"
#include "fuzz/demand.h"

namespace drydock::test {

// A volume whose first bytes are the input and whose others are zeros, so that a small input can
// stand for a large volume. The input's first two bytes choose its size: that many times 4 KiB more
// than the input is long.
class FuzzVolume : public io::BlockSource {
 public:
  FuzzVolume(const std::uint8_t* data, std::size_t size) {
    std::uint64_t more = 0;
    if (size >= 2) {
      more = std::uint64_t{data[0]} << 8 | data[1];
      data += 2;
      size -= 2;
    }
    content_ = Bytes(reinterpret_cast<const std::byte*>(data), size);
    geometry_.bytes = size + more * 4096;
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "fuzz"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    const auto inside = io::check_range(*this, offset, into.size());
    if (!inside) return inside;
    std::ranges::fill(into, std::byte{0});
    if (offset < content_.size()) {
      const std::size_t length = std::min<std::size_t>(into.size(), content_.size() - offset);
      std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(offset), length, into.begin());
    }
    return {};
  }

 private:
  Bytes content_;
  Geometry geometry_;
};

// A volume of zeros but for some blocks of 4 KiB, for what lies far apart on it: what the fuzzer of
// a driver makes of its input.
class ScatteredVolume : public io::BlockSource {
 public:
  static constexpr std::size_t kBlock = 4096;

  explicit ScatteredVolume(std::uint64_t bytes) { geometry_.bytes = bytes; }

  // Takes the place of what was put there before. `number` is inside the volume.
  MutableBytes put(std::uint64_t number, const std::uint8_t* block) {
    const auto* bytes = reinterpret_cast<const std::byte*>(block);
    auto& held = blocks_[number];
    held.assign(bytes, bytes + kBlock);
    return held;
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "fuzz"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    const auto inside = io::check_range(*this, offset, into.size());
    if (!inside) return inside;
    std::ranges::fill(into, std::byte{0});
    const std::uint64_t end = offset + into.size();
    for (auto block = blocks_.lower_bound(offset / kBlock);
         block != blocks_.end() && block->first * kBlock < end; ++block) {
      const std::uint64_t from = std::max(offset, block->first * kBlock);
      const std::uint64_t to = std::min(end, (block->first + 1) * kBlock);
      std::copy_n(block->second.begin() + static_cast<std::ptrdiff_t>(from % kBlock), to - from,
                  into.begin() + static_cast<std::ptrdiff_t>(from - offset));
    }
    return {};
  }

 private:
  std::map<std::uint64_t, std::vector<std::byte>> blocks_;
  Geometry geometry_;
};

// A map lies inside its volume and has what comes first in it; a refusal says why.
inline void check_map(const io::BlockSource& volume, const Result<ExtentMap>& used) {
  if (used) {
    demand(used->end() <= volume.geometry().bytes);
    demand(used->contains({0, std::min<std::uint64_t>(512, volume.geometry().bytes)}));
  } else {
    demand(!used.error().what.empty() && used.error().code != Code::bug);
  }
}

// Walks the files of one volume, as far as a fuzzer has time for.
class FileReader {
 public:
  FileReader(fs::Files& files, std::uint64_t volume_bytes)
      : files_(files), volume_bytes_(volume_bytes) {}

  void walk(const fs::FileNode& root) {
    look_at(root);
    while (!waiting_.empty() && seen_.size() < kMostFiles) {
      const std::uint64_t id = waiting_.back();
      waiting_.pop_back();
      if (!seen_.insert(id).second) continue;
      if (const auto node = files_.node(id)) look_at(*node);
    }
  }

 private:
  static constexpr std::size_t kMostFiles = 100;
  static constexpr std::size_t kMostEntries = 200;  // of one folder
  static constexpr std::uint64_t kMostRead = 64 * 1024;

  template <class T>
  static void refusal_says_why(const Result<T>& result) {
    if (!result) demand(!result.error().what.empty() && result.error().code != Code::bug);
  }

  void look_at(const fs::FileNode& node) {
    if (node.kind == fs::FileNode::Kind::folder) list(node);
    if (node.kind == fs::FileNode::Kind::file) place(node);
    const std::uint64_t length = std::min(node.bytes, kMostRead);
    read(node, 0, length);
    read(node, node.bytes - length, length);
  }

  void list(const fs::FileNode& folder) {
    std::size_t told = 0;
    refusal_says_why(files_.list(folder, [&](std::string_view name, std::uint64_t id) {
      demand(name != "." && name != "..");
      waiting_.push_back(id);
      return ++told < kMostEntries;
    }));
    demand(told <= kMostEntries);
  }

  // Pieces come in the order of the file, do not overlap in it, and lie inside it and the volume. A
  // packed one may be stored in several places.
  void place(const fs::FileNode& file) {
    std::uint64_t done = 0;
    refusal_says_why(files_.pieces(file, [&](const fs::FilePiece& piece) {
      const auto inside = [](const Extent& extent, std::uint64_t bytes) {
        return extent.length != 0 && extent.offset <= bytes &&
               extent.length <= bytes - extent.offset;
      };
      demand(inside(piece.in_file, file.bytes) && inside(piece.on_volume, volume_bytes_));
      demand(piece.packed || piece.in_file.length == piece.on_volume.length);
      demand(piece.packed || piece.in_file.offset >= done);
      done = piece.in_file.end();
    }));
  }

  void read(const fs::FileNode& node, std::uint64_t offset, std::uint64_t length) {
    std::vector<std::byte> into(length);
    if (node.kind == fs::FileNode::Kind::file || node.kind == fs::FileNode::Kind::link)
      refusal_says_why(files_.read(node, offset, into));
  }

  fs::Files& files_;
  std::uint64_t volume_bytes_;
  std::vector<std::uint64_t> waiting_;
  std::set<std::uint64_t> seen_;
};

// Lists, places and reads what a driver's `files` shows of a volume.
inline void read_all_files(decltype(fs::Driver::files) files, const io::BlockSource& volume) {
  const auto visited =
      files(volume, [&](fs::Files& found, const fs::FileNode& root, std::string_view) {
        FileReader(found, volume.geometry().bytes).walk(root);
        return Result<bool>(true);
      });
  if (!visited) demand(!visited.error().what.empty() && visited.error().code != Code::bug);
}

}  // namespace drydock::test
