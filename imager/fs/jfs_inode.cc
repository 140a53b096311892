#include "fs/jfs_inode.h"

#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<JfsBlocks>> JfsInode::attributes(std::size_t at) const {
  enum : std::uint8_t { kExtent = 0x20, kInline = 0x40 };
  const std::uint8_t kind = fields.u8(at);
  if (kind == 0 || kind == kInline) return std::nullopt;
  if (kind == kExtent) return jfs_blocks(fields, at + 8);
  return fail(doubt(std::format("{} has attributes of an unknown kind (0x{:x})", name, kind)));
}

Result<std::vector<std::byte>> read_jfs_aggregate_inode(const io::BlockSource& volume,
                                                        std::uint32_t number) {
  constexpr std::uint32_t kAggregate = 1;
  const std::string name = std::format("inode {} of the aggregate", number);
  auto bytes = TRY(
      naming(io::read_bytes(volume, JfsSuper::kInodes + std::uint64_t{number} * JfsInode::kBytes,
                            JfsInode::kBytes),
             name));
  if (JfsInode{bytes, name}.belongs(kAggregate, number)) return bytes;
  return fail(doubt(std::format("{} is damaged", name)));
}

}  // namespace drydock::fs
