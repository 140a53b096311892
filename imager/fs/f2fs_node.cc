#include "fs/f2fs_node.h"

#include "fs/unix_mode.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kInodeAddressesAt = 360;
constexpr std::size_t kInodeAddresses = 923;
constexpr std::size_t kAddresses = 1018;
constexpr std::size_t kInlineXattr = 50;  // where the inode does not tell

enum Inline : std::uint8_t {
  kHasInlineXattr = 0x01,
  kInlineData = 0x02,
  kInlineNames = 0x04,
  kExtraAttributes = 0x20,
};

}  // namespace

F2fsNode::Addresses F2fsNode::addresses(const F2fsSuper& super) const {
  if (is_inode()) return inode_addresses(super);
  return holds_addresses() ? Addresses{0, kAddresses} : Addresses{};
}

F2fsNode::Addresses F2fsNode::inode_addresses(const F2fsSuper& super) const {
  const std::uint16_t type = f_.le16(0) & kModeType;
  const std::uint8_t kept = f_.u8(3);
  // The others keep a device number there.
  if (type != kModeFile && type != kModeFolder && type != kModeLink) return {};
  if ((kept & (kInlineData | kInlineNames)) != 0) return {};
  const bool extra = (kept & kExtraAttributes) != 0;
  const std::size_t front = extra ? f_.le16(kInodeAddressesAt) / 4 : 0;
  std::size_t behind = (kept & kHasInlineXattr) != 0 ? kInlineXattr : 0;
  if (extra && super.has(F2fsSuper::kFlexibleInlineXattr)) behind = f_.le16(kInodeAddressesAt + 2);
  if (front + behind > kInodeAddresses) return {};
  return {kInodeAddressesAt + front * 4, kInodeAddresses - front - behind};
}

// By its place in the tree: an inode has two nodes of addresses, two of nodes that have addresses,
// and one of nodes of nodes.
bool F2fsNode::holds_addresses() const {
  constexpr std::uint32_t kXattr = 0x1FFFFFFF;
  const std::uint32_t place = f_.le32(4080) >> 3;
  if (place == kXattr || place == 3 || place == 4 + kAddresses || place == 5 + 2 * kAddresses)
    return false;
  constexpr std::uint32_t kThird = 6 + 2 * kAddresses;
  return place < kThird || (place - kThird) % (kAddresses + 1) != 0;
}

}  // namespace drydock::fs
