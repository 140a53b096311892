#include "fs/xfs_group.h"

#include <algorithm>
#include <format>

namespace drydock::fs {
namespace {

// One of the four sectors at the start of a group.
class Header {
 public:
  Header(const XfsSuper& super, Bytes group, std::uint32_t number, std::size_t sector)
      : super_(super),
        number_(number),
        bytes_(group.subspan(sector * super.sector_bytes, super.sector_bytes)),
        fields_(bytes_) {}

  const ByteReader& fields() const { return fields_; }

  std::unexpected<Error> damaged(std::string_view name, std::string_view what) const {
    return fail(
        doubt(std::format("the {} of allocation group {} is damaged ({})", name, number_, what)));
  }

  // Where this version has them, the checksum and the filesystem's UUID.
  Result<void> check_seal(std::string_view name, std::size_t checksum, std::size_t uuid) const {
    if (!super_.is_v5()) return {};
    if (!xfs_checksum_matches(bytes_, checksum)) return damaged(name, "checksum");
    if (!std::ranges::equal(fields_.bytes(uuid, 16), super_.meta_uuid))
      return damaged(name, "of another filesystem");
    return {};
  }

  // The start that AGF and AGI have in common.
  Result<void> check_start(std::string_view name, std::string_view magic) const {
    if (!fields_.equals(0, magic)) return damaged(name, "magic number");
    if (fields_.be32(4) != 1) return damaged(name, "version");
    if (fields_.be32(8) != number_) return damaged(name, "of another group");
    if (fields_.be32(12) != super_.blocks_in(number_)) return damaged(name, "length");
    return {};
  }

  Result<XfsRoot> root(std::string_view name, std::size_t block, std::size_t levels) const {
    const XfsRoot root{fields_.be32(block), fields_.be32(levels)};
    if (root.block >= super_.blocks_in(number_)) return damaged(name, "a root out of bounds");
    if (root.levels == 0 || root.levels > XfsTree::kMostLevels) return damaged(name, "levels");
    return root;
  }

 private:
  const XfsSuper& super_;
  std::uint32_t number_;
  Bytes bytes_;
  ByteReader fields_;
};

// mkfs and growfs write all copies; later only the first one is kept up to date, but sizes stay.
Result<void> check_copy(const XfsSuper& super, const Header& header) {
  constexpr std::string_view kName = "superblock copy";
  const auto copy = XfsSuper::decode(header.fields().bytes(0, 512));
  if (!copy) return header.damaged(kName, "magic number");
  if (super.is_v5() && !xfs_checksum_matches(header.fields().bytes(0, super.sector_bytes), 224))
    return header.damaged(kName, "checksum");
  if (copy->block_bytes != super.block_bytes || copy->sector_bytes != super.sector_bytes ||
      copy->group_blocks != super.group_blocks || copy->groups != super.groups ||
      copy->blocks != super.blocks)
    return header.damaged(kName, "it tells other sizes than the first");
  return {};
}

Result<void> read_agf(const XfsSuper& super, const Header& header, XfsGroup& group) {
  constexpr std::string_view kName = "free-space header";
  const ByteReader& f = header.fields();
  TRY(header.check_start(kName, "XAGF"));
  TRY(header.check_seal(kName, 216, 64));
  group.free_by_place = TRY(header.root(kName, 16, 28));
  group.free_by_size = TRY(header.root(kName, 20, 32));
  if (super.has(XfsSuper::kReverseMap)) group.owners = TRY(header.root(kName, 24, 36));
  if (super.has(XfsSuper::kReflink)) {
    group.shared = TRY(header.root(kName, 88, 92));
    group.shared_blocks = f.be32(84);
  }
  group.list_blocks = f.be32(48);
  group.free_blocks = f.be32(52);
  group.longest = f.be32(56);
  group.tree_blocks = f.be32(60);
  if (super.is_v5()) group.lsn = std::max(group.lsn, xfs_lsn(f.be64(208)));
  return {};
}

Result<void> read_agi(const XfsSuper& super, const Header& header, XfsGroup& group) {
  constexpr std::string_view kName = "inode header";
  const ByteReader& f = header.fields();
  TRY(header.check_start(kName, "XAGI"));
  TRY(header.check_seal(kName, 312, 296));
  group.inode_count = f.be32(16);
  group.inodes = TRY(header.root(kName, 20, 24));
  if (super.has(XfsSuper::kFreeInodes)) group.free_inodes = TRY(header.root(kName, 328, 332));
  if (super.is_v5()) group.lsn = std::max(group.lsn, xfs_lsn(f.be64(320)));
  return {};
}

// A ring of block numbers, of which the AGF tells first, last and count.
Result<void> read_agfl(const XfsSuper& super, const Header& agf, const Header& header,
                       XfsGroup& group) {
  constexpr std::string_view kName = "free list";
  const ByteReader& f = header.fields();
  std::size_t start = 0;
  if (super.is_v5()) {
    if (!f.equals(0, "XAFL")) return header.damaged(kName, "magic number");
    if (f.be32(4) != group.number) return header.damaged(kName, "of another group");
    TRY(header.check_seal(kName, 32, 8));
    group.lsn = std::max(group.lsn, xfs_lsn(f.be64(24)));
    start = 36;
  }
  const std::uint64_t slots = (super.sector_bytes - start) / 4;
  const std::uint64_t first = agf.fields().be32(40);
  const std::uint64_t last = agf.fields().be32(44);
  if (first >= slots || last >= slots || group.list_blocks > slots)
    return header.damaged(kName, "bounds");
  if (group.list_blocks != 0 && (first + group.list_blocks - 1) % slots != last)
    return header.damaged(kName, "count");
  for (std::uint64_t i = 0; i < group.list_blocks; ++i) {
    group.list.push_back(f.be32(start + (first + i) % slots * 4));
    if (group.list.back() >= super.blocks_in(group.number))
      return header.damaged(kName, "a block out of bounds");
  }
  return {};
}

}  // namespace

Result<XfsGroup> XfsGroup::read(const XfsSuper& super, Window& window, std::uint32_t number) {
  const Bytes sectors =
      TRY(naming(window.at(super.offset_of(number, 0), std::size_t{4} * super.sector_bytes),
                 std::format("the header of allocation group {}", number)));
  const auto header = [&](std::size_t sector) { return Header(super, sectors, number, sector); };
  XfsGroup group;
  group.number = number;
  TRY(check_copy(super, header(0)));
  TRY(read_agf(super, header(1), group));
  TRY(read_agi(super, header(2), group));
  TRY(read_agfl(super, header(1), header(3), group));
  return group;
}

}  // namespace drydock::fs
