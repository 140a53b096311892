#include "io/split_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <format>
#include <ranges>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::io {
namespace {

bool exists(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

std::string piece_name(const std::string& path, std::size_t number) {
  return std::format("{}.{:03}", path, number);
}

Result<std::unique_ptr<SplitFile>> SplitFile::create(const std::string& path,
                                                     std::uint64_t piece_bytes,
                                                     OutputFile::Options options) {
  if (piece_bytes == 0) return fail(bad_input(path, "cannot be cut into pieces of 0 bytes"));
  auto file = std::unique_ptr<SplitFile>(new SplitFile(path, piece_bytes, options));
  if (options.leftover == OutputFile::Leftover::keep) TRY(file->take_up());
  // What take_up() did not find is no piece of this image.
  if (options.leftover == OutputFile::Leftover::keep)
    file->options_.leftover = OutputFile::Leftover::refuse;
  if (file->pieces_.empty()) TRY(file->next_piece());
  return file;
}

Result<void> SplitFile::take_up() {
  while (pieces_.size() < kMostPieces && exists(piece_name(path_, pieces_.size()) + ".part"))
    pieces_.push_back(TRY(OutputFile::create(piece_name(path_, pieces_.size()), options_)));
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const std::uint64_t bytes = pieces_[i]->size();
    if (bytes > piece_bytes_ || (bytes < piece_bytes_ && i + 1 < pieces_.size()))
      return fail(
          bad_input(pieces_[i]->name(),
                    std::format("has {} bytes, but the pieces are to have {}", bytes, piece_bytes_),
                    "Give the --split of the run that began the image"));
  }
  while (exists(piece_name(path_, pieces_.size() + named_))) ++named_;
  return {};
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

// A piece gets its name when all of them are on stable storage.
Result<void> SplitFile::check_unnamed() const {
  if (named_ == 0) return {};
  return fail(
      environment_error(piece_name(path_, pieces_.size()),
                        "is finished, but the pieces do not hold what was written to them",
                        "The drive that holds them cannot be trusted; save to another one"));
}

Result<void> SplitFile::append(Bytes bytes) {
  TRY(check_unnamed());
  while (!bytes.empty()) {
    if (pieces_.back()->size() == piece_bytes_) TRY(next_piece());
    const std::uint64_t room = piece_bytes_ - pieces_.back()->size();
    const std::size_t part = std::min<std::uint64_t>(room, bytes.size());
    TRY(pieces_.back()->append(bytes.first(part)));
    bytes = bytes.subspan(part);
  }
  return {};
}

Result<void> SplitFile::cut(std::uint64_t bytes) {
  TRY(check_unnamed());
  const std::uint64_t kept = std::max<std::uint64_t>(div_ceil(bytes, piece_bytes_), 1);
  for (; pieces_.size() > kept; pieces_.pop_back())
    if (::unlink(pieces_.back()->name().c_str()) != 0)
      return fail(os_error(errno, pieces_.back()->name(), "cannot be deleted"));
  return pieces_.back()->cut(bytes - (pieces_.size() - 1) * piece_bytes_);
}

Result<void> SplitFile::finish() {
  TRY(pieces_.back()->seal());
  for (const auto& piece : pieces_ | std::views::reverse) TRY(piece->publish());
  return {};
}

}  // namespace drydock::io
