#include "fs/ext_tree.h"

#include "base/hash.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint16_t kExtentMagic = 0xF30A;
constexpr std::size_t kExtentBytes = 12;  // also of the header
constexpr std::uint32_t kMostWritten = 32768;

}  // namespace

Result<ExtentNode> ExtentNode::decode(Bytes bytes, int depth) {
  const ByteReader f(bytes);
  ExtentNode node(bytes);
  node.size_ = f.le16(2);
  node.most_ = f.le16(4);
  node.depth_ = f.le16(6);
  const bool sound = f.le16(0) == kExtentMagic && node.size_ <= node.most_ &&
                     node.most_ <= bytes.size() / kExtentBytes - 1 && node.depth_ <= kMostDepth &&
                     (depth < 0 || node.depth_ == depth);
  if (!sound) return fail(doubt("its extent tree is damaged"));
  return node;
}

ExtRun ExtentNode::run(std::size_t i) const {
  const ByteReader f(bytes_.subspan((i + 1) * kExtentBytes, kExtentBytes));
  const std::uint32_t length = f.le16(4);
  const bool written = length <= kMostWritten;
  return {.logical = f.le32(0),
          .block = f.le32(8) | std::uint64_t{f.le16(6)} << 32,
          .count = written ? length : length - kMostWritten,
          .written = written};
}

std::uint64_t ExtentNode::logical(std::size_t i) const {
  return load_le<std::uint32_t>(bytes_.data() + (i + 1) * kExtentBytes);
}

std::uint64_t ExtentNode::child(std::size_t i) const {
  const ByteReader f(bytes_.subspan((i + 1) * kExtentBytes, kExtentBytes));
  return f.le32(4) | std::uint64_t{f.le16(8)} << 32;
}

bool ExtentNode::checksum_matches(std::uint32_t inode_seed) const {
  const std::size_t at = (most_ + 1) * kExtentBytes;
  if (at + 4 > bytes_.size()) return false;
  return crc32c_raw(inode_seed, bytes_.first(at)) == load_le<std::uint32_t>(bytes_.data() + at);
}

ExtRun BlockNumbers::run(Bytes numbers, std::size_t i, std::uint64_t logical) {
  ExtRun run{.logical = logical, .block = at(numbers, i), .count = 1};
  const std::size_t end = numbers.size() / 4;
  while (i + run.count < end &&
         at(numbers, i + run.count) == (run.block == 0 ? 0 : run.block + run.count))
    ++run.count;
  return run;
}

}  // namespace drydock::fs
