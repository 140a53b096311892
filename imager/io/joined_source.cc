#include "io/joined_source.h"

#include <algorithm>

namespace drydock::io {

JoinedSource::JoinedSource(std::string name, std::vector<std::unique_ptr<BlockSource>> pieces)
    : name_(std::move(name)), pieces_(std::move(pieces)), geometry_(pieces_[0]->geometry()) {
  geometry_.bytes = 0;
  for (const auto& piece : pieces_) {
    starts_.push_back(geometry_.bytes);
    geometry_.bytes += piece->geometry().bytes;
  }
}

Result<void> JoinedSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  while (!into.empty()) {
    const auto above = std::ranges::upper_bound(starts_, offset);
    const auto piece = static_cast<std::size_t>(above - starts_.begin()) - 1;
    const std::uint64_t inside = offset - starts_[piece];
    const std::uint64_t left = pieces_[piece]->geometry().bytes - inside;
    const MutableBytes part = into.first(std::min<std::uint64_t>(left, into.size()));
    TRY(pieces_[piece]->read_at(inside, part));
    offset += part.size();
    into = into.subspan(part.size());
  }
  return {};
}

}  // namespace drydock::io
