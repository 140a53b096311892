#include "io/split_file.h"

#include <algorithm>
#include <format>
#include <ranges>

#include "base/units.h"

namespace drydock::io {

std::string piece_name(const std::string& path, std::size_t number) {
  return std::format("{}.{:03}", path, number);
}

Result<std::unique_ptr<SplitFile>> SplitFile::create(const std::string& path,
                                                     std::uint64_t piece_bytes,
                                                     OutputFile::Options options) {
  if (piece_bytes == 0) return fail(bad_input(path, "cannot be cut into pieces of 0 bytes"));
  auto file = std::unique_ptr<SplitFile>(new SplitFile(path, piece_bytes, options));
  TRY(file->next_piece());
  return file;
}

Result<void> SplitFile::next_piece() {
  if (pieces_.size() == kMostPieces)
    return fail(bad_input(
        path_,
        std::format("would need more than {} pieces of {}", kMostPieces, human_bytes(piece_bytes_)),
        "Choose larger pieces"));
  // What was written stays as it is while the rest may still fail.
  if (!pieces_.empty()) TRY(pieces_.back()->seal());
  pieces_.push_back(TRY(OutputFile::create(piece_name(path_, pieces_.size()), options_)));
  return {};
}

Result<void> SplitFile::append(Bytes bytes) {
  while (!bytes.empty()) {
    if (pieces_.back()->size() == piece_bytes_) TRY(next_piece());
    const std::uint64_t room = piece_bytes_ - pieces_.back()->size();
    const std::size_t part = std::min<std::uint64_t>(room, bytes.size());
    TRY(pieces_.back()->append(bytes.first(part)));
    bytes = bytes.subspan(part);
  }
  return {};
}

Result<void> SplitFile::finish() {
  TRY(pieces_.back()->seal());
  for (const auto& piece : pieces_ | std::views::reverse) TRY(piece->publish());
  return {};
}

}  // namespace drydock::io
