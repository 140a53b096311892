// B-trees of HFS Plus with one leaf, and the records in them (Apple TN1150, "B-Trees"). Part of
// support/hfs_maker.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace drydock::test {

using Record = std::vector<std::byte>;

// Big-endian fields written one behind the other; grows as it must.
class BigEndian {
 public:
  explicit BigEndian(std::size_t bytes) : bytes_(bytes) {}

  BigEndian& at(std::size_t offset) {
    at_ = offset;
    return *this;
  }
  void u8(std::uint8_t value) { put(value); }
  void u16(std::uint16_t value) { put(value); }
  void u32(std::uint32_t value) { put(value); }
  void u64(std::uint64_t value) { put(value); }
  void text(std::string_view text) {
    for (const char c : text) u8(static_cast<std::uint8_t>(c));
  }
  void utf16(std::string_view text) {  // with its length
    u16(static_cast<std::uint16_t>(text.size()));
    for (const char c : text) u16(static_cast<std::uint8_t>(c));
  }

  Bytes bytes() const { return bytes_; }
  Record take() { return std::move(bytes_); }

 private:
  template <class T>
  void put(T value) {
    if (at_ + sizeof value > bytes_.size()) bytes_.resize(at_ + sizeof value);
    store_be(bytes_.data() + at_, value);
    at_ += sizeof value;
  }

  std::vector<std::byte> bytes_;
  std::size_t at_ = 0;
};

enum class TreeKind { kExtents, kCatalog, kCaseCatalog, kAttributes };

// The nodes that are not empty of a tree of `nodes` nodes, each with its offset in the file. All
// records must fit in one leaf.
std::vector<std::pair<std::uint64_t, Record>> tree_nodes(const std::vector<Record>& records,
                                                         TreeKind kind, std::uint32_t node,
                                                         std::uint32_t nodes);

// Records of the catalog with their keys. The folder is the root; on HFSX it
// counts the folders in it.
Record folder_record(std::string_view name, std::uint32_t date, std::uint32_t files,
                     bool counts_folders);
Record thread_record(std::uint32_t id, bool folder, std::uint32_t parent, std::string_view name);
// Of a file in the root folder, up to its forks.
BigEndian file_record_start(std::string_view name, std::uint32_t id, std::uint32_t date);

}  // namespace drydock::test
