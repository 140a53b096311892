#include "fs/hfs_fork.h"

#include <algorithm>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

// More pieces than any working volume has in a special file.
constexpr std::size_t kMostPieces = std::size_t{1} << 16;

Error too_short(std::string_view name) {
  return doubt(std::format("{} is too short", name));
}

}  // namespace

Result<void> HfsForkReader::append(const HfsExtents& extents) {
  for (const HfsExtent& extent : extents) {
    if (extent.count == 0) continue;
    if (!header_.inside(extent))
      return fail(doubt(std::format("{} has blocks outside the volume ({} from {})", name_,
                                    extent.count, extent.start)));
    if (extents_.size() == kMostPieces)
      return fail(doubt(std::format("{} lies in too many pieces", name_)));
    starts_.push_back(appended_);
    extents_.push_back(header_.bytes_of(extent));
    appended_ += extents_.back().length;
  }
  return {};
}

Result<void> HfsForkReader::complete(const HfsFork& fork) {
  const std::uint64_t blocks = appended_ / header_.block_bytes;
  if (blocks != fork.blocks)
    return fail(doubt(std::format("the volume header gives {} {} blocks but {} are found", name_,
                                  fork.blocks, blocks)));
  if (fork.bytes > appended_)
    return fail(doubt(std::format("{} claims more bytes than its {} blocks hold", name_, blocks)));
  bytes_ = fork.bytes;
  return {};
}

Result<Bytes> HfsForkReader::at(std::uint64_t offset, std::size_t length) {
  if (length > kMost || !has(offset, length)) return fail(too_short(name_));
  const bool held = offset >= held_from_ && offset - held_from_ <= held_.size() &&
                    length <= held_.size() - (offset - held_from_);
  if (held) return Bytes(held_).subspan(offset - held_from_, length);

  held_from_ = offset;
  held_.resize(std::min<std::uint64_t>(std::max(window_, length), bytes_ - offset));
  if (read_blocks(offset, held_)) return Bytes(held_).first(length);
  // A bad sector ahead need not concern what was asked for.
  held_.resize(length);
  Result<void> result = read_blocks(offset, held_);
  if (!result) {
    held_.clear();
    return fail(naming(std::move(result.error()), name_));
  }
  return Bytes(held_);
}

Result<void> HfsForkReader::read(std::uint64_t offset, MutableBytes into) const {
  if (!has(offset, into.size())) return fail(too_short(name_));
  return naming(read_blocks(offset, into), name_);
}

Result<void> HfsForkReader::read_blocks(std::uint64_t offset, MutableBytes into) const {
  if (into.empty()) return {};
  const auto behind = std::ranges::upper_bound(starts_, offset);
  auto piece = static_cast<std::size_t>(behind - starts_.begin()) - 1;
  while (!into.empty()) {
    const std::uint64_t skipped = offset - starts_[piece];
    const auto length = static_cast<std::size_t>(
        std::min<std::uint64_t>(into.size(), extents_[piece].length - skipped));
    TRY(volume_.read_at(extents_[piece].offset + skipped, into.first(length)));
    into = into.subspan(length);
    offset += length;
    ++piece;
  }
  return {};
}

}  // namespace drydock::fs
