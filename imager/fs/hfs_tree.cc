#include "fs/hfs_tree.h"

#include <algorithm>
#include <bit>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kDescriptorBytes = 14;
constexpr std::size_t kHeaderRecordBytes = 106;
constexpr std::size_t kMapRecord = 2;  // of the header node
constexpr std::uint32_t kBigKeys = 2;

}  // namespace

Result<void> HfsTree::each_record(const Visit& visit) {
  TRY(read_header());
  Node map;
  TRY(load(0, map));
  std::size_t record_number = kMapRecord;
  while (scanned_ < nodes_) {
    if (map.offsets.size() < record_number + 2)
      return fail(damaged(map.number, "its map is missing"));
    const Bytes bits = record(map, record_number);
    if (bits.empty()) return fail(damaged(map.number, "its map is empty"));
    TRY(scan(bits, visit));
    if (scanned_ == nodes_) break;
    if (map.next == 0)
      return fail(doubt(std::format("{} maps {} of its {} nodes", file_.name(), scanned_, nodes_)));
    TRY(load(map.next, map));
    if (map.kind != kMap) return fail(damaged(map.number, "it should be a map"));
    record_number = 0;
  }
  if (in_use_ != nodes_ - free_nodes_)
    return fail(doubt(std::format("{} counts {} nodes in use but its map has {}", file_.name(),
                                  nodes_ - free_nodes_, in_use_)));
  if (records_ != leaf_records_)
    return fail(doubt(std::format("{} counts {} records but its leaves have {}", file_.name(),
                                  leaf_records_, records_)));
  return {};
}

Result<void> HfsTree::first_leaf(const Visit& visit) {
  TRY(read_header());
  if (first_leaf_ == 0) return {};
  TRY(load(first_leaf_, node_));
  if (node_.kind != kLeaf) return fail(damaged(first_leaf_, "it should be a leaf"));
  return visit_leaf(node_, visit);
}

Result<void> HfsTree::read_header() {
  const ByteReader f(TRY(file_.at(0, kDescriptorBytes + kHeaderRecordBytes)));
  node_bytes_ = f.be16(32);
  if (f.u8(8) != kHeader) return fail(damaged(0, "it should be the header"));
  if (!std::has_single_bit(node_bytes_) || node_bytes_ < 512)
    return fail(damaged(0, std::format("nodes of {} bytes are impossible", node_bytes_)));
  if ((f.be32(52) & kBigKeys) == 0) return fail(damaged(0, "its keys are those of plain HFS"));
  leaf_records_ = f.be32(20);
  first_leaf_ = f.be32(24);
  nodes_ = f.be32(36);
  free_nodes_ = f.be32(40);
  if (nodes_ == 0 || free_nodes_ > nodes_ || nodes_ > file_.bytes() / node_bytes_)
    return fail(
        damaged(0, std::format("{} nodes, {} of them free, are impossible", nodes_, free_nodes_)));
  return {};
}

Result<void> HfsTree::load(std::uint32_t number, Node& node) {
  if (number >= nodes_) return fail(damaged(number, "the file has no such node"));
  const Bytes bytes = TRY(file_.at(std::uint64_t{number} * node_bytes_, node_bytes_));
  node.bytes.assign(bytes.begin(), bytes.end());
  const ByteReader f(node.bytes);
  node.number = number;
  node.next = f.be32(0);
  node.kind = f.u8(8);
  const std::size_t records = f.be16(10);
  const std::size_t room = node_bytes_ - kDescriptorBytes;
  if ((records + 1) * 2 > room) return fail(damaged(number, "too many records"));
  const std::size_t end = node_bytes_ - (records + 1) * 2;
  node.offsets.clear();
  std::size_t least = kDescriptorBytes;
  for (std::size_t i = 0; i <= records; ++i) {
    const std::uint16_t offset = f.be16(node_bytes_ - 2 * (i + 1));
    if (offset < least || offset > end) return fail(damaged(number, "its records overlap"));
    node.offsets.push_back(offset);
    least = offset;
  }
  return {};
}

Result<void> HfsTree::scan(Bytes map, const Visit& visit) {
  const std::uint64_t here = std::min<std::uint64_t>(map.size() * 8, nodes_ - scanned_);
  for (std::uint64_t bit = 0; bit < here; ++bit, ++scanned_) {
    if ((std::to_integer<unsigned>(map[bit / 8]) & 0x80u >> (bit % 8)) == 0) continue;
    ++in_use_;
    TRY(load(scanned_, node_));
    const std::uint8_t kind = node_.kind;
    if (kind != kIndex && kind != kMap && kind != kLeaf && !(kind == kHeader && scanned_ == 0))
      return fail(damaged(scanned_, "its kind is unknown"));
    if (kind != kLeaf) continue;
    records_ += node_.offsets.size() - 1;
    TRY(visit_leaf(node_, visit));
  }
  return {};
}

Result<void> HfsTree::visit_leaf(const Node& leaf, const Visit& visit) {
  for (std::size_t i = 0; i + 1 < leaf.offsets.size(); ++i) {
    const Bytes bytes = record(leaf, i);
    const std::size_t key = ByteReader(bytes).be16(0);
    const std::size_t data = 2 + key + key % 2;
    if (key < 6 || data > bytes.size()) return fail(damaged(leaf.number, "a key is too long"));
    TRY(visit(ByteReader(bytes.subspan(2, key)), ByteReader(bytes.subspan(data))));
  }
  return {};
}

Bytes HfsTree::record(const Node& node, std::size_t index) const {
  return Bytes(node.bytes)
      .subspan(node.offsets[index], node.offsets[index + 1] - node.offsets[index]);
}

Error HfsTree::damaged(std::uint32_t node, std::string_view what) const {
  return doubt(std::format("node {} of {} is damaged ({})", node, file_.name(), what));
}

}  // namespace drydock::fs
