#include "image/frame_walk.h"

#include <algorithm>

#include "base/checked.h"
#include "base/units.h"
#include "codec/zstd.h"

namespace drydock::image {
namespace {

// Small enough that a bad sector costs little, large enough for a disk.
constexpr std::size_t kPiece = kMiB;

// What is left of the buffer is moved to its front before it is filled, so some frames must fit.
std::size_t buffer_bytes(std::size_t largest) {
  return round_up<std::size_t>(3 * largest, kPiece) + kPiece;
}

}  // namespace

FrameWalk::FrameWalk(const io::BlockSource& file, std::uint64_t from, std::size_t largest,
                     io::AlignedBuffer buffer)
    : file_(&file), read_(from), largest_(largest), buffer_(std::move(buffer)) {}

Result<FrameWalk> FrameWalk::make(const io::BlockSource& file, std::uint64_t from,
                                  std::size_t largest) {
  return FrameWalk(file, from, largest, TRY(io::AlignedBuffer::make(buffer_bytes(largest))));
}

std::uint64_t FrameWalk::memory(std::size_t largest) {
  return buffer_bytes(largest);
}

Result<void> FrameWalk::fill() {
  const MutableBytes all = buffer_.bytes();
  std::ranges::copy(all.subspan(begin_, end_ - begin_), all.begin());
  end_ -= begin_;
  begin_ = 0;
  const std::uint64_t file_end = file_->geometry().bytes;
  while (read_ < file_end && all.size() - end_ >= kPiece) {
    const std::size_t piece = std::min<std::uint64_t>(kPiece, file_end - read_);
    const auto got = file_->read_at(read_, all.subspan(end_, piece));
    if (!got && got.error().code != Code::unreadable) return got;
    if (!got) {
      ended_ = true;
      return {};
    }
    read_ += piece;
    end_ += piece;
  }
  return {};
}

Result<Bytes> FrameWalk::next() {
  if (end_ - begin_ < largest_ && !ended_ && read_ < file_->geometry().bytes) TRY(fill());
  const Bytes there = Bytes(buffer_.bytes()).subspan(begin_, end_ - begin_);
  const std::size_t size = codec::zstd_frame_bytes(there.first(std::min(there.size(), largest_)));
  begin_ = size == 0 ? end_ : begin_ + size;
  if (size == 0) ended_ = true;
  return there.first(size);
}

}  // namespace drydock::image
