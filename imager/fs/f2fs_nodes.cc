#include "fs/f2fs_nodes.h"

#include <algorithm>
#include <format>

namespace drydock::fs {
namespace {

constexpr std::size_t kNatEntry = F2fsCheckpoint::kNatEntry;

}  // namespace

Result<void> F2fsNodes::check(std::uint64_t valid) {
  for (std::uint64_t i = 0; i < table_.blocks(); ++i) {
    const Bytes block = TRY(naming(table_.block(i), "the node table"));
    for (std::size_t k = 0; k < F2fsCheckpoint::kNatEntries; ++k) {
      const auto number = static_cast<std::uint32_t>(i * F2fsCheckpoint::kNatEntries + k);
      const auto newer = checkpoint_.nat_journal.find(number);
      TRY(take(number, newer == checkpoint_.nat_journal.end()
                           ? block.subspan(k * kNatEntry, kNatEntry)
                           : Bytes(newer->second)));
    }
  }
  TRY(check_batch());
  return check_counts(valid);
}

Result<void> F2fsNodes::take(std::uint32_t number, Bytes entry) {
  const ByteReader f(entry);
  const std::uint32_t block = f.le32(5);
  // The inodes that stand for all nodes and for all metadata are nowhere.
  if (block == 0 || number == 0 || number == super_.node_inode || number == super_.meta_inode)
    return {};
  batch_.push_back({block, number, f.le32(1)});
  if (batch_.size() < kBatch) return {};
  return check_batch();
}

// In the order in which they lie on the volume.
Result<void> F2fsNodes::check_batch() {
  std::ranges::sort(batch_, {}, &Place::block);
  for (const Place& place : batch_) TRY(check_node(place));
  batch_.clear();
  return {};
}

Result<void> F2fsNodes::check_node(const Place& place) {
  if (!super_.in_main(place.block))
    return fail(doubt(std::format("node {} lies outside the main area", place.number)));
  if (!in_use_.contains({place.block * kF2fsBlock, kF2fsBlock}))
    return fail(
        doubt(std::format("block {} holds node {} but is called free", place.block, place.number)));
  const F2fsNode node(TRY(naming(nodes_.at(place.block * kF2fsBlock, kF2fsBlock),
                                 std::format("node {}", place.number))));
  if (node.number() != place.number || node.inode() != place.inode)
    return fail(
        doubt(std::format("block {} should hold node {} but does not", place.block, place.number)));
  ++node_count_;
  if (node.is_inode()) ++inodes_;
  return check_data(node);
}

Result<void> F2fsNodes::check_data(const F2fsNode& node) {
  const auto all = node.addresses(super_);
  for (std::size_t i = 0; i < all.count;) {
    const std::uint32_t block = node.address(all, i);
    std::uint64_t run = 1;
    if (block == F2fsNode::kReserved) ++reserved_;
    if (block == F2fsNode::kCompressed) ++clusters_;
    if (block != 0 && block < F2fsNode::kCompressed) {
      while (i + run < all.count && node.address(all, i + run) == block + run) ++run;
      if (!super_.in_main(block) || !in_use_.contains({block * kF2fsBlock, run * kF2fsBlock}))
        return fail(doubt(std::format("blocks {} to {} belong to inode {} but are called free",
                                      block, block + run - 1, node.inode())));
      data_ += run;
    }
    i += run;
  }
  return {};
}

Result<void> F2fsNodes::check_counts(std::uint64_t valid) const {
  if (node_count_ != checkpoint_.valid_nodes || inodes_ != checkpoint_.valid_inodes)
    return fail(doubt(
        std::format("its checkpoint counts {} nodes and {} inodes, there are {} and "
                    "{}",
                    checkpoint_.valid_nodes, checkpoint_.valid_inodes, node_count_, inodes_)));
  if (node_count_ + data_ != valid)
    return fail(doubt(std::format("its segment table has {} blocks in use, its nodes have {}",
                                  valid, node_count_ + data_)));
  // The heads of compressed clusters count unless what compression saved was given back.
  const std::uint64_t least = valid + reserved_;
  if (checkpoint_.valid_blocks < least || checkpoint_.valid_blocks > least + clusters_)
    return fail(doubt(std::format("its checkpoint counts {} blocks, there are {}",
                                  checkpoint_.valid_blocks, least)));
  return {};
}

}  // namespace drydock::fs
