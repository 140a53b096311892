#include "fs/hfs_node.h"

#include <bit>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kDescriptorBytes = 14;
constexpr std::size_t kHeaderRecordBytes = 106;
constexpr std::uint32_t kBigKeys = 2;

}  // namespace

Result<HfsTreeHeader> HfsTreeHeader::read(HfsForkReader& file) {
  const ByteReader f(TRY(file.at(0, kDescriptorBytes + kHeaderRecordBytes)));
  const HfsTreeHeader header{.height = f.be16(14),
                             .root = f.be32(16),
                             .first_leaf = f.be32(24),
                             .leaf_records = f.be32(20),
                             .node_bytes = f.be16(32),
                             .nodes = f.be32(36),
                             .free_nodes = f.be32(40)};
  if (f.u8(8) != HfsNode::kHeader) return fail(damaged_node(file, 0, "it should be the header"));
  if (!std::has_single_bit(header.node_bytes) || header.node_bytes < 512)
    return fail(
        damaged_node(file, 0, std::format("nodes of {} bytes are impossible", header.node_bytes)));
  if ((f.be32(52) & kBigKeys) == 0)
    return fail(damaged_node(file, 0, "its keys are those of plain HFS"));
  return header;
}

Result<void> HfsNode::load(HfsForkReader& file, const HfsTreeHeader& header, std::uint32_t wanted) {
  if (wanted >= header.nodes) return fail(damaged_node(file, wanted, "the file has no such node"));
  const std::size_t size = header.node_bytes;
  const Bytes found = TRY(file.at(std::uint64_t{wanted} * size, size));
  bytes.assign(found.begin(), found.end());
  const ByteReader f(bytes);
  number = wanted;
  next = f.be32(0);
  previous = f.be32(4);
  kind = f.u8(8);
  height = f.u8(9);
  const std::size_t count = f.be16(10);
  const std::size_t room = size - kDescriptorBytes;
  if ((count + 1) * 2 > room) return fail(damaged_node(file, number, "too many records"));
  const std::size_t end = size - (count + 1) * 2;
  offsets.clear();
  std::size_t least = kDescriptorBytes;
  for (std::size_t i = 0; i <= count; ++i) {
    const std::uint16_t offset = f.be16(size - 2 * (i + 1));
    if (offset < least || offset > end)
      return fail(damaged_node(file, number, "its records overlap"));
    offsets.push_back(offset);
    least = offset;
  }
  return {};
}

Bytes HfsNode::record(std::size_t index) const {
  return Bytes(bytes).subspan(offsets[index], offsets[index + 1] - offsets[index]);
}

Result<HfsNode::Entry> HfsNode::entry(const HfsForkReader& file, std::size_t index) const {
  const Bytes all = record(index);
  const std::size_t key = ByteReader(all).be16(0);
  const std::size_t data = 2 + key + key % 2;
  if (key < 6 || data > all.size()) return fail(damaged_node(file, number, "a key is too long"));
  return Entry{ByteReader(all.subspan(2, key)), ByteReader(all.subspan(data))};
}

Error damaged_node(const HfsForkReader& file, std::uint32_t node, std::string_view what) {
  return doubt(std::format("node {} of {} is damaged ({})", node, file.name(), what));
}

}  // namespace drydock::fs
