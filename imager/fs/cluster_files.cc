#include "fs/cluster_files.h"

#include <algorithm>
#include <format>
#include <unordered_set>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

std::unexpected<Error> broken_chain(std::string_view how) {
  return fail(doubt(std::format("a chain of its clusters {}", how)));
}

std::unexpected<Error> outside(std::uint64_t cluster) {
  return broken_chain(std::format("leads to cluster {}, which does not exist", cluster));
}

bool same_but_case(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, small, small);
}

}  // namespace

// ---- contents

Result<FilePiece> ClusterFiles::Runs::next() {
  if (broken_) return fail(*broken_);
  if (left_ == 0) return FilePiece{};
  if (at_ == 0 && place_ != 0) return broken_chain("ends too soon");
  const std::uint64_t most = chain_.in_a_row ? left_ : 1;
  if (!files_.area_.has(at_, most)) return outside(at_ + most - 1);
  const std::uint64_t first = at_;
  std::uint64_t count = most;
  left_ -= most;
  while (left_ > 0) {
    const auto behind = files_.next_cluster(at_);
    if (!behind) {
      broken_ = behind.error();
      break;
    }
    at_ = *behind;
    if (at_ != first + count || !files_.area_.has(at_)) break;
    ++count;
    --left_;
  }
  const Extent on_volume = files_.area_.run(first, count);
  const FilePiece run{.in_file = {place_, on_volume.length}, .on_volume = on_volume};
  place_ += on_volume.length;
  return run;
}

// By Brent's way to find a circle: one step at a time, and a cluster to compare with that is chosen
// anew after 1, 2, 4, … steps. A circle that reaches into the first `clusters` is found within four
// times as many. How a chain without one goes on behind them is no matter here.
Result<void> ClusterFiles::no_circle(const ClusterChain& chain, std::uint64_t clusters) {
  std::uint32_t at = chain.first;
  std::uint32_t chosen = at;
  std::uint64_t steps = 0;
  std::uint64_t until = 1;
  for (std::uint64_t i = 0; i < 4 * clusters; ++i) {
    const auto behind = next_cluster(at);
    if (!behind || !area_.has(*behind)) return {};
    at = *behind;
    if (at == chosen) return broken_chain(std::format("leads in a circle (cluster {})", at));
    if (++steps < until) continue;
    chosen = at;
    until *= 2;
    steps = 0;
  }
  return {};
}

Result<ClusterFiles::Runs> ClusterFiles::runs_of(const FileNode& file, const ClusterChain& chain) {
  const std::uint64_t clusters = div_ceil(std::min(chain.bytes, file.bytes), area_.cluster_bytes);
  if (clusters > area_.clusters)
    return fail(doubt(std::format("file {} is larger than the volume", file.id)));
  if (!chain.in_a_row && clusters != 0 && area_.has(chain.first)) TRY(no_circle(chain, clusters));
  return Runs(*this, chain, clusters);
}

Result<void> ClusterFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  const ClusterChain chain = TRY(chain_of(file));
  const std::uint64_t bytes = std::min(chain.bytes, file.bytes);
  Runs runs = TRY(runs_of(file, chain));
  while (true) {
    FilePiece piece = TRY(runs.next());
    if (piece.in_file.length == 0) return {};
    const std::uint64_t inside = std::min(piece.in_file.length, bytes - piece.in_file.offset);
    piece.in_file.length = inside;
    piece.on_volume.length = inside;
    visit(piece);
  }
}

// So that who reads a file from its start to its end goes along its chain once.
Result<void> ClusterFiles::open(const FileNode& file, std::uint64_t offset) {
  if (open_ && open_->id == file.id && open_->run.in_file.offset <= offset) return {};
  open_.reset();
  const ClusterChain chain = TRY(chain_of(file));
  open_.emplace(file.id, std::min(chain.bytes, file.bytes), TRY(runs_of(file, chain)), FilePiece{});
  return {};
}

Result<void> ClusterFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  if (offset > file.bytes || into.size() > file.bytes - offset)
    return fail(doubt(std::format("file {} does not reach that far", file.id)));
  if (into.empty()) return {};
  TRY(open(file, offset));
  const std::uint64_t written = open_->bytes > offset ? open_->bytes - offset : 0;
  const std::size_t stored = std::min<std::uint64_t>(written, into.size());
  std::ranges::fill(into.subspan(stored), std::byte{0});
  into = into.first(stored);
  while (!into.empty()) {
    FilePiece& run = open_->run;
    while (run.in_file.end() <= offset) {
      const FilePiece next = TRY(open_->runs.next());
      if (next.in_file.length == 0) return broken_chain("ends too soon");
      run = next;
    }
    const std::uint64_t skip = offset - run.in_file.offset;
    const std::size_t length = std::min<std::uint64_t>(run.in_file.length - skip, into.size());
    TRY(volume_.read_at(run.on_volume.offset + skip, into.first(length)));
    into = into.subspan(length);
    offset += length;
  }
  return {};
}

// ---- folders

class ClusterFiles::EntryReader {
 public:
  EntryReader(const io::BlockSource& volume, const VisitEntry& visit)
      : window_(volume, kWindow), visit_(visit) {}

  // False when the visitor has had enough.
  bool read(Extent part) {
    constexpr std::uint64_t kSector = 512;
    for (std::uint64_t at = part.offset; at + kEntryBytes <= part.end();) {
      const auto entry = naming(window_.at(at, kEntryBytes), "a folder");
      if (!entry && !lost_) lost_ = entry.error();
      if (!visit_(at, entry ? *entry : Bytes())) return false;
      at = entry ? at + kEntryBytes : round_down(at, kSector) + kSector;
    }
    return true;
  }

  Result<void> result() const {
    if (lost_) return fail(*lost_);
    return {};
  }

 private:
  Window window_;
  const VisitEntry& visit_;
  std::optional<Error> lost_;  // the first
};

Result<void> ClusterFiles::each_entry_in(Extent part, const VisitEntry& visit) {
  EntryReader reader(volume_, visit);
  reader.read(part);
  return reader.result();
}

Result<void> ClusterFiles::each_entry_of(const ClusterChain& folder, std::uint64_t most,
                                         const VisitEntry& visit) {
  EntryReader reader(volume_, visit);
  const auto walked = walk_chain(folder, most, reader);
  TRY(reader.result());
  return walked;
}

Result<void> ClusterFiles::walk_chain(const ClusterChain& folder, std::uint64_t most,
                                      EntryReader& reader) {
  std::unordered_set<std::uint32_t> seen;
  std::uint64_t left = folder.bytes;
  std::uint32_t cluster = folder.first;
  for (std::uint64_t at = 0; left > 0; at += area_.cluster_bytes) {
    if (!area_.has(cluster)) return outside(cluster);
    if (!seen.insert(cluster).second)
      return broken_chain(std::format("leads in a circle (cluster {})", cluster));
    if (at >= most) return fail(doubt("a folder is larger than one can be"));
    Extent part = area_.run(cluster, 1);
    part.length = std::min(part.length, left);
    if (!reader.read(part)) return {};
    left -= part.length;
    if (left == 0) break;
    cluster = folder.in_a_row ? cluster + 1 : TRY(next_cluster(cluster));
    if (cluster != 0) continue;
    if (folder.bytes == ClusterChain::kUnknown) break;
    return broken_chain("ends too soon");
  }
  return {};
}

Result<Bytes> ClusterFiles::entry_at(std::uint64_t offset) {
  return naming(entries_.at(offset, kEntryBytes), "an entry of a folder");
}

Result<std::optional<std::uint64_t>> ClusterFiles::find(const FileNode& folder,
                                                        std::string_view name) {
  std::optional<std::uint64_t> found;
  TRY(list(folder, [&](std::string_view entry, std::uint64_t id) {
    if (same_but_case(entry, name)) found = id;
    return !found;
  }));
  return found;
}

}  // namespace drydock::fs
