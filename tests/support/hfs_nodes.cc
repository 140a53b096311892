#include "support/hfs_nodes.h"

#include <algorithm>
#include <stdexcept>

#include "base/checked.h"

namespace drydock::test {
namespace {

constexpr std::uint32_t kDescriptor = 14;
constexpr std::uint32_t kHeaderRecord = 106;
constexpr std::uint32_t kUserRecord = 128;

enum NodeKind : std::uint8_t { kIndexNode = 0, kHeaderNode = 1, kMapNode = 2, kLeafNode = 0xFF };

struct Links {
  std::uint32_t next = 0;
  std::uint32_t previous = 0;
};

Record make_node(std::uint32_t size, NodeKind kind, Links links, std::uint8_t height,
                 const std::vector<Record>& records) {
  BigEndian node(size);
  node.u32(links.next), node.u32(links.previous);
  node.u8(kind), node.u8(height);
  node.u16(static_cast<std::uint16_t>(records.size()));
  std::size_t at = kDescriptor;
  for (std::size_t i = 0; i <= records.size(); ++i) {
    node.at(size - 2 * (i + 1)).u16(static_cast<std::uint16_t>(at));
    if (i == records.size()) break;
    if (at + records[i].size() > size - 2 * (records.size() + 1))
      throw std::runtime_error("a record of a B-tree does not fit in a node");
    node.at(at);
    for (const std::byte byte : records[i]) node.u8(std::to_integer<std::uint8_t>(byte));
    at += records[i].size();
  }
  return node.take();
}

// What the nodes of a tree came to.
struct Shape {
  std::uint32_t leaves = 0;
  std::uint32_t used = 0;  // nodes
  std::uint32_t root = 0;
  std::uint8_t height = 0;
  std::size_t records = 0;
};

Record header_record(TreeKind kind, std::uint32_t node, std::uint32_t nodes, const Shape& shape) {
  constexpr std::uint32_t kBigKeys = 2, kVariableIndexKeys = 4;
  const bool extents = kind == TreeKind::kExtents;
  const bool attributes = kind == TreeKind::kAttributes;
  BigEndian header(kHeaderRecord);
  header.u16(shape.height);
  header.u32(shape.root), header.u32(static_cast<std::uint32_t>(shape.records));
  header.u32(shape.leaves == 0 ? 0 : 1), header.u32(shape.leaves);
  header.u16(static_cast<std::uint16_t>(node));
  header.u16(extents ? 10 : attributes ? 266 : 516);
  header.u32(nodes), header.u32(nodes - shape.used);
  header.u16(0), header.u32(node), header.u8(0);
  header.u8(kind == TreeKind::kCatalog ? 0xCF : kind == TreeKind::kCaseCatalog ? 0xBC : 0);
  header.u32(kBigKeys | (extents ? 0 : kVariableIndexKeys));
  return header.take();
}

// As many of the records, from `from` on, as one node holds.
std::vector<Record> take_node(const std::vector<Record>& records, std::size_t from,
                              std::uint32_t node, std::size_t most) {
  std::vector<Record> taken;
  std::size_t bytes = kDescriptor + 2;
  for (std::size_t i = from; i < records.size() && taken.size() < most; ++i) {
    bytes += records[i].size() + 2;
    if (bytes > node && !taken.empty()) break;
    taken.push_back(records[i]);
  }
  return taken;
}

// What leads to a node in the level above it: the key of its first record, and its number.
Record pointer_to(std::uint32_t number, const Record& first) {
  const std::size_t key = 2 + ByteReader(first).be16(0);
  BigEndian pointer(0);
  for (const std::byte byte : Bytes(first).first(key))
    pointer.u8(std::to_integer<std::uint8_t>(byte));
  pointer.u32(number);
  return pointer.take();
}

// Bits [first, first + 8 * size) of a map in which the first `used` nodes are in use.
Record map_record(std::size_t size, std::uint32_t first, std::uint32_t used) {
  Record map(size);
  for (std::uint32_t bit = first; bit < std::min<std::size_t>(used, first + size * 8); ++bit)
    map[(bit - first) / 8] |= std::byte{0x80} >> ((bit - first) % 8);
  return map;
}

void put_key(BigEndian& into, std::uint32_t parent, std::u16string_view name) {
  into.u16(static_cast<std::uint16_t>(6 + 2 * name.size()));
  into.u32(parent);
  into.utf16(name);
}

void put_common(BigEndian& into, const CatalogEntry& entry) {
  for (int i = 0; i < 4; ++i) into.u32(entry.date);
  into.u32(0);               // backed up
  into.u32(0), into.u32(0);  // owner, group
  into.u8(0), into.u8(entry.owner_flags);
  into.u16(entry.mode), into.u32(entry.special != 0 ? entry.special : 1);
  into.text(entry.finder);
  for (std::size_t i = entry.finder.size(); i < 32; ++i) into.u8(0);  // for the Finder
  into.u32(0), into.u32(0);
}

}  // namespace

std::vector<std::pair<std::uint64_t, Record>> tree_nodes(const std::vector<Record>& records,
                                                         TreeKind kind, std::uint32_t node,
                                                         std::uint32_t nodes, std::size_t most) {
  std::vector<std::pair<std::uint64_t, Record>> made;
  const auto add = [&](std::uint32_t number, Record bytes) {
    made.emplace_back(std::uint64_t{number} * node, std::move(bytes));
  };
  Shape shape{.records = records.size()};
  std::uint32_t next = 1;
  std::vector<Record> level = records;
  while (!level.empty()) {
    ++shape.height;
    const std::uint32_t first = next;
    std::vector<Record> above;
    for (std::size_t at = 0; at < level.size(); ++next) {
      const std::vector<Record> own =
          take_node(level, at, node, shape.height == 1 ? most : ~std::size_t{0});
      at += own.size();
      above.push_back(pointer_to(next, own.front()));
      add(next, make_node(node, shape.height == 1 ? kLeafNode : kIndexNode,
                          {at == level.size() ? 0 : next + 1, next == first ? 0 : next - 1},
                          shape.height, own));
    }
    if (shape.height == 1) shape.leaves = next - first;
    shape.root = next - 1;
    level = above.size() == 1 ? std::vector<Record>{} : std::move(above);
  }

  const std::uint32_t map_in_header = node - kDescriptor - kHeaderRecord - kUserRecord - 4 * 2;
  const std::uint32_t map_in_node = node - kDescriptor - 2 * 2 - 2;  // a multiple of four
  const std::uint32_t left = nodes - std::min(nodes, map_in_header * 8);
  const std::uint32_t maps = div_ceil<std::uint32_t>(left, map_in_node * 8);
  shape.used = next + maps;
  if (shape.used > nodes) throw std::runtime_error("a B-tree has too few nodes");
  add(0, make_node(node, kHeaderNode, {maps == 0 ? 0 : next, 0}, 0,
                   {header_record(kind, node, nodes, shape), Record(kUserRecord),
                    map_record(map_in_header, 0, shape.used)}));
  for (std::uint32_t i = 0; i < maps; ++i) {
    const std::uint32_t number = next + i;
    add(number,
        make_node(node, kMapNode, {i + 1 == maps ? 0 : number + 1, 0}, 0,
                  {map_record(map_in_node, (map_in_header + i * map_in_node) * 8, shape.used)}));
  }
  return made;
}

std::u16string hfs_name(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text.at(at)); };
    unsigned unit = byte(i);
    const unsigned more = unit < 0x80 ? 0 : unit < 0xE0 ? 1 : 2;
    if (more != 0) unit &= more == 1 ? 0x1F : 0x0F;
    for (unsigned j = 0; j < more; ++j) unit = unit << 6 | (byte(++i) & 0x3F);
    units += static_cast<char16_t>(unit);
  }
  return units;
}

Record CatalogEntry::folder(std::uint32_t entries, bool counts_folders) const {
  BigEndian record(0);
  put_key(record, parent, name);
  record.u16(1), record.u16(counts_folders ? 0x10 : 0), record.u32(entries), record.u32(id);
  put_common(record, *this);
  return record.take();
}

Record CatalogEntry::thread(bool folder) const {
  BigEndian record(0);
  put_key(record, id, u"");
  record.u16(folder ? 3 : 4), record.u16(0), record.u32(parent);
  record.utf16(name);
  return record.take();
}

BigEndian CatalogEntry::file() const {
  constexpr std::uint16_t kHasThread = 2;
  BigEndian record(0);
  put_key(record, parent, name);
  record.u16(2), record.u16(kHasThread | flags), record.u32(0), record.u32(id);
  put_common(record, *this);
  return record;
}

}  // namespace drydock::test
