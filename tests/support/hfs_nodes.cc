#include "support/hfs_nodes.h"

#include <algorithm>
#include <stdexcept>

#include "base/checked.h"

namespace drydock::test {
namespace {

constexpr std::uint32_t kDescriptor = 14;
constexpr std::uint32_t kHeaderRecord = 106;
constexpr std::uint32_t kUserRecord = 128;

enum NodeKind : std::uint8_t { kHeaderNode = 1, kMapNode = 2, kLeafNode = 0xFF };

Record make_node(std::uint32_t size, NodeKind kind, std::uint32_t next, std::uint8_t height,
                 const std::vector<Record>& records) {
  BigEndian node(size);
  node.u32(next), node.u32(0);
  node.u8(kind), node.u8(height);
  node.u16(static_cast<std::uint16_t>(records.size()));
  std::size_t at = kDescriptor;
  for (std::size_t i = 0; i <= records.size(); ++i) {
    node.at(size - 2 * (i + 1)).u16(static_cast<std::uint16_t>(at));
    if (i == records.size()) break;
    if (at + records[i].size() > size - 2 * (records.size() + 1))
      throw std::runtime_error("the records of a B-tree do not fit in one leaf");
    node.at(at);
    for (const std::byte byte : records[i]) node.u8(std::to_integer<std::uint8_t>(byte));
    at += records[i].size();
  }
  return node.take();
}

Record header_record(TreeKind kind, std::uint32_t node, std::uint32_t nodes, std::uint32_t used,
                     std::size_t records) {
  constexpr std::uint32_t kBigKeys = 2, kVariableIndexKeys = 4;
  const std::uint32_t leaf = records == 0 ? 0 : 1;
  const bool extents = kind == TreeKind::kExtents;
  const bool attributes = kind == TreeKind::kAttributes;
  BigEndian header(kHeaderRecord);
  header.u16(static_cast<std::uint16_t>(leaf));
  header.u32(leaf), header.u32(static_cast<std::uint32_t>(records));
  header.u32(leaf), header.u32(leaf);
  header.u16(static_cast<std::uint16_t>(node));
  header.u16(extents ? 10 : attributes ? 266 : 516);
  header.u32(nodes), header.u32(nodes - used);
  header.u16(0), header.u32(node), header.u8(0);
  header.u8(kind == TreeKind::kCatalog ? 0xCF : kind == TreeKind::kCaseCatalog ? 0xBC : 0);
  header.u32(kBigKeys | (extents ? 0 : kVariableIndexKeys));
  return header.take();
}

// Bits [first, first + 8 * size) of a map in which the first `used` nodes are in use.
Record map_record(std::size_t size, std::uint32_t first, std::uint32_t used) {
  Record map(size);
  for (std::uint32_t bit = first; bit < std::min<std::size_t>(used, first + size * 8); ++bit)
    map[(bit - first) / 8] |= std::byte{0x80} >> ((bit - first) % 8);
  return map;
}

void put_key(BigEndian& into, std::uint32_t parent, std::string_view name) {
  into.u16(static_cast<std::uint16_t>(6 + 2 * name.size()));
  into.u32(parent);
  into.utf16(name);
}

constexpr std::uint16_t kDirectoryMode = 040755;
constexpr std::uint16_t kFileMode = 0100644;

void put_common(BigEndian& into, std::uint32_t date, std::uint16_t mode) {
  for (int i = 0; i < 4; ++i) into.u32(date);
  into.u32(0);                            // backed up
  into.u32(0), into.u32(0), into.u16(0);  // owner, group, flags
  into.u16(mode), into.u32(1);
  for (int i = 0; i < 8; ++i) into.u32(0);  // for the Finder
  into.u32(0), into.u32(0);
}

}  // namespace

std::vector<std::pair<std::uint64_t, Record>> tree_nodes(const std::vector<Record>& records,
                                                         TreeKind kind, std::uint32_t node,
                                                         std::uint32_t nodes) {
  const std::uint32_t map_in_header = node - kDescriptor - kHeaderRecord - kUserRecord - 4 * 2;
  const std::uint32_t map_in_node = node - kDescriptor - 2 * 2 - 2;  // a multiple of four
  const std::uint32_t left = nodes - std::min(nodes, map_in_header * 8);
  const std::uint32_t maps = div_ceil<std::uint32_t>(left, map_in_node * 8);
  const std::uint32_t leaves = records.empty() ? 0 : 1;
  const std::uint32_t used = 1 + leaves + maps;

  std::vector<std::pair<std::uint64_t, Record>> made;
  const auto add = [&](std::uint32_t number, Record bytes) {
    made.emplace_back(std::uint64_t{number} * node, std::move(bytes));
  };
  add(0, make_node(node, kHeaderNode, maps == 0 ? 0 : 1 + leaves, 0,
                   {header_record(kind, node, nodes, used, records.size()), Record(kUserRecord),
                    map_record(map_in_header, 0, used)}));
  if (leaves != 0) add(1, make_node(node, kLeafNode, 0, 1, records));
  for (std::uint32_t i = 0; i < maps; ++i) {
    const std::uint32_t number = 1 + leaves + i;
    add(number, make_node(node, kMapNode, i + 1 == maps ? 0 : number + 1, 0,
                          {map_record(map_in_node, (map_in_header + i * map_in_node) * 8, used)}));
  }
  return made;
}

Record folder_record(std::string_view name, std::uint32_t date, std::uint32_t files,
                     bool counts_folders) {
  BigEndian record(0);
  put_key(record, 1, name);
  record.u16(1), record.u16(counts_folders ? 0x10 : 0), record.u32(files), record.u32(2);
  put_common(record, date, kDirectoryMode);
  return record.take();
}

Record thread_record(std::uint32_t id, bool folder, std::uint32_t parent, std::string_view name) {
  BigEndian record(0);
  put_key(record, id, "");
  record.u16(folder ? 3 : 4), record.u16(0), record.u32(parent);
  record.utf16(name);
  return record.take();
}

BigEndian file_record_start(std::string_view name, std::uint32_t id, std::uint32_t date) {
  constexpr std::uint16_t kHasThread = 2;
  BigEndian record(0);
  put_key(record, 2, name);
  record.u16(2), record.u16(kHasThread), record.u32(0), record.u32(id);
  put_common(record, date, kFileMode);
  return record;
}

}  // namespace drydock::test
