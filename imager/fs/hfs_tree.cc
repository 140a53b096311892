#include "fs/hfs_tree.h"

#include <algorithm>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMapRecord = 2;  // of the header node

}  // namespace

Result<void> HfsTree::each_record(const Visit& visit) {
  TRY(read_header());
  const std::uint32_t nodes = header_.nodes;
  HfsNode map;
  TRY(map.load(file_, header_, 0));
  std::size_t record_number = kMapRecord;
  while (scanned_ < nodes) {
    if (map.offsets.size() < record_number + 2)
      return fail(damaged_node(file_, map.number, "its map is missing"));
    const Bytes bits = map.record(record_number);
    if (bits.empty()) return fail(damaged_node(file_, map.number, "its map is empty"));
    TRY(scan(bits, visit));
    if (scanned_ == nodes) break;
    if (map.next == 0)
      return fail(doubt(std::format("{} maps {} of its {} nodes", file_.name(), scanned_, nodes)));
    TRY(map.load(file_, header_, map.next));
    if (map.kind != HfsNode::kMap)
      return fail(damaged_node(file_, map.number, "it should be a map"));
    record_number = 0;
  }
  if (in_use_ != nodes - header_.free_nodes)
    return fail(doubt(std::format("{} counts {} nodes in use but its map has {}", file_.name(),
                                  nodes - header_.free_nodes, in_use_)));
  if (records_ != header_.leaf_records)
    return fail(doubt(std::format("{} counts {} records but its leaves have {}", file_.name(),
                                  header_.leaf_records, records_)));
  return {};
}

Result<void> HfsTree::first_leaf(const Visit& visit) {
  TRY(read_header());
  if (header_.first_leaf == 0) return {};
  TRY(node_.load(file_, header_, header_.first_leaf));
  if (node_.kind != HfsNode::kLeaf)
    return fail(damaged_node(file_, node_.number, "it should be a leaf"));
  return visit_leaf(visit);
}

Result<void> HfsTree::read_header() {
  header_ = TRY(HfsTreeHeader::read(file_));
  const std::uint32_t nodes = header_.nodes;
  const std::uint32_t free = header_.free_nodes;
  if (nodes == 0 || free > nodes || nodes > file_.bytes() / header_.node_bytes)
    return fail(damaged_node(
        file_, 0, std::format("{} nodes, {} of them free, are impossible", nodes, free)));
  return {};
}

Result<void> HfsTree::scan(Bytes map, const Visit& visit) {
  const std::uint64_t here = std::min<std::uint64_t>(map.size() * 8, header_.nodes - scanned_);
  for (std::uint64_t bit = 0; bit < here; ++bit, ++scanned_) {
    if ((std::to_integer<unsigned>(map[bit / 8]) & 0x80u >> (bit % 8)) == 0) continue;
    ++in_use_;
    TRY(node_.load(file_, header_, scanned_));
    const std::uint8_t kind = node_.kind;
    if (kind != HfsNode::kIndex && kind != HfsNode::kMap && kind != HfsNode::kLeaf &&
        !(kind == HfsNode::kHeader && scanned_ == 0))
      return fail(damaged_node(file_, scanned_, "its kind is unknown"));
    if (kind != HfsNode::kLeaf) continue;
    records_ += node_.records();
    TRY(visit_leaf(visit));
  }
  return {};
}

Result<void> HfsTree::visit_leaf(const Visit& visit) {
  for (std::size_t i = 0; i < node_.records(); ++i) {
    const HfsNode::Entry entry = TRY(node_.entry(file_, i));
    TRY(visit(entry.key, entry.data));
  }
  return {};
}

}  // namespace drydock::fs
