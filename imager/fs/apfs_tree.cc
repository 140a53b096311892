#include "fs/apfs_tree.h"

#include <bit>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

enum NodeFlags : std::uint16_t { kRoot = 1, kLeaf = 2, kFixed = 4 };
constexpr std::uint16_t kEncrypted = 0x1000;  // of an object's flags

constexpr std::size_t kNodeHeader = 56;
constexpr std::size_t kInfoBytes = 40;
constexpr std::uint16_t kMostLevels = 16;
constexpr std::uint16_t kNoValue = 0xFFFF;
// Its records have no order that is checked here, so this alone bounds what a damaged one costs.
constexpr std::uint64_t kMostSnapshotNodes = 1u << 16;

}  // namespace

Result<std::uint64_t> ApfsTree::each_record(std::uint64_t root,
                                            const std::function<Result<void>(std::uint64_t)>& seen,
                                            const Visit& visit) {
  std::vector<Node> path;
  path.push_back(TRY(load(root, true)));
  TRY(seen(root));
  TRY(read_info(path.back()));
  while (!path.empty()) {
    Node& node = path.back();
    if (node.next == node.keys) {
      path.pop_back();
      continue;
    }
    const auto [key, value] = TRY(record(node, node.next++));
    if (node.level == 0) {
      if (++keys_ > keys_told_) break;
      TRY(check_order(key));
      TRY(visit(ByteReader(key), ByteReader(value)));
      continue;
    }
    if (value.size() < 8) return fail(damaged("a child is missing"));
    const std::uint16_t level = node.level;
    const auto child = load_le<std::uint64_t>(value.data());
    if (nodes_ == nodes_told_) return fail(damaged("it has more nodes than it counts"));
    path.push_back(TRY(load(child, false)));
    TRY(seen(child));
    if (path.back().level + 1 != level) return fail(damaged("a level is missing"));
    if (path.back().keys == 0) return fail(damaged("a node is empty"));
  }
  if (nodes_ != nodes_told_ || keys_ != keys_told_)
    return fail(doubt(std::format("{} counts {} records in {} nodes but has {} in {}", name_,
                                  keys_told_, nodes_told_, keys_, nodes_)));
  return nodes_;
}

Result<ApfsTree::Node> ApfsTree::load(std::uint64_t oid, bool root) {
  Node node;
  node.bytes = storage_ == Storage::physical ? TRY(container_.object(oid, name_))
                                             : TRY(container_.ephemeral(oid, name_));
  ++nodes_;
  const ByteReader f(node.bytes);
  const ApfsObject header = ApfsObject::decode(node.bytes);
  if (header.type != (root ? ApfsObject::kTree : ApfsObject::kTreeNode) ||
      header.subtype != subtype_)
    return fail(damaged("what should be a node is none"));
  if ((header.flags & kEncrypted) != 0) return fail(damaged("a node is encrypted"));
  if (header.xid > container_.super().xid) return fail(damaged("a node is from the future"));

  const std::uint16_t flags = f.le16(32);
  node.level = f.le16(34);
  node.keys = f.le32(36);
  node.fixed = (flags & kFixed) != 0;
  if ((flags & ~(kRoot | kLeaf | kFixed)) != 0 || ((flags & kRoot) != 0) != root ||
      ((flags & kLeaf) != 0) != (node.level == 0) || node.level >= kMostLevels)
    return fail(damaged("a node has unknown flags"));
  node.table = kNodeHeader + f.le16(40);
  node.first_key = node.table + f.le16(42);
  node.values_end = node.bytes.size() - (root ? kInfoBytes : 0);
  const std::size_t entry = node.fixed ? 4 : 8;
  if (node.first_key > node.values_end || node.keys > f.le16(42) / entry)
    return fail(damaged("a node has too many records"));
  return node;
}

Result<void> ApfsTree::read_info(const Node& root) {
  const ByteReader f(root.bytes);
  const std::size_t at = root.values_end;
  key_bytes_ = f.le32(at + 8);
  value_bytes_ = f.le32(at + 12);
  keys_told_ = f.le64(at + 24);
  nodes_told_ = f.le64(at + 32);
  if (f.le32(at + 4) != container_.super().block_bytes) return fail(damaged("node size"));
  const std::uint64_t most =
      subtype_ == ApfsObject::kSnapshotTree ? kMostSnapshotNodes : container_.super().blocks;
  if (nodes_told_ == 0 || nodes_told_ > most) return fail(damaged("node count"));
  return {};
}

Result<std::pair<Bytes, Bytes>> ApfsTree::record(const Node& node, std::uint32_t index) const {
  const ByteReader f(node.bytes);
  std::size_t key_at = 0, key_bytes = 0, value_back = 0, value_bytes = 0;
  if (node.fixed) {
    const std::size_t at = node.table + std::size_t{4} * index;
    key_at = f.le16(at);
    value_back = f.le16(at + 2);
    key_bytes = key_bytes_;
    value_bytes = node.level == 0 ? value_bytes_ : 8;
  } else {
    const std::size_t at = node.table + std::size_t{8} * index;
    key_at = f.le16(at);
    key_bytes = f.le16(at + 2);
    value_back = f.le16(at + 4);
    value_bytes = f.le16(at + 6);
  }
  const Bytes all = node.bytes;
  key_at += node.first_key;
  if (key_at > node.values_end || key_bytes > node.values_end - key_at || key_bytes < 8)
    return fail(damaged("a key lies outside its node"));
  const Bytes key = all.subspan(key_at, key_bytes);
  if (value_back == kNoValue) return std::pair{key, Bytes{}};
  if (value_back > node.values_end - node.first_key || value_bytes > value_back)
    return fail(damaged("a value lies outside its node"));
  return std::pair{key, all.subspan(node.values_end - value_back, value_bytes)};
}

// Keys are numbers, one or two of them; of the first one in trees of file-system records, the type
// in its upper four bits counts last. Strictly increasing, so no node can be visited twice.
Result<void> ApfsTree::check_order(Bytes key) {
  if (subtype_ == ApfsObject::kSnapshotTree) return {};
  const ByteReader f(key);
  std::pair now{f.le64(0), key.size() >= 16 ? f.le64(8) : 0};
  if (subtype_ == ApfsObject::kExtentTree) now.first = std::rotl(now.first, 4);
  if (keys_ > 1 && now <= last_) return fail(damaged("its records are out of order"));
  last_ = now;
  return {};
}

Error ApfsTree::damaged(std::string_view what) const {
  return doubt(std::format("{} is damaged ({})", name_, what));
}

}  // namespace drydock::fs
