// B-trees of HFS Plus and the records in them (Apple TN1150, "B-Trees"). Part of
// support/hfs_maker.h.
#pragma once

#include <cstdint>
#include <string>
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
  void utf16(std::u16string_view text) {  // with its length
    u16(static_cast<std::uint16_t>(text.size()));
    for (const char16_t c : text) u16(c);
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

// The nodes that are not empty of a tree of `nodes` nodes, each with its offset in the file. Leaves
// come first, with at most `most` records each, then the levels of index nodes.
std::vector<std::pair<std::uint64_t, Record>> tree_nodes(const std::vector<Record>& records,
                                                         TreeKind kind, std::uint32_t node,
                                                         std::uint32_t nodes,
                                                         std::size_t most = ~std::size_t{0});

// UTF-8 of the first 65,536 characters, as the catalog has it.
std::u16string hfs_name(std::string_view text);

// What a record of the catalog says of a file or folder, in front of a file's forks.
struct CatalogEntry {
  std::u16string name;
  std::uint32_t id = 0;
  std::uint32_t parent = 0;
  std::uint32_t date = 0;
  std::uint16_t mode = 0;  // with the kind, as Unix has it
  std::uint8_t owner_flags = 0;
  std::uint16_t flags = 0;  // besides those that every record has
  std::uint32_t special = 0;
  std::string_view finder = "";  // type and creator

  Record folder(std::uint32_t entries, bool counts_folders) const;
  Record thread(bool folder) const;
  BigEndian file() const;  // up to its forks
};

}  // namespace drydock::test
