#pragma once

#include <functional>
#include <optional>

#include "fs/files.h"
#include "fs/read.h"

namespace drydock::fs {

// Where the clusters of a volume lie: of one size, numbered from 2 on.
struct ClusterArea {
  std::uint64_t offset = 0;  // of cluster 2, in bytes
  std::uint64_t clusters = 0;
  std::uint64_t cluster_bytes = 0;

  std::uint64_t end() const { return offset + clusters * cluster_bytes; }
  bool has(std::uint64_t first, std::uint64_t count = 1) const {
    return first >= 2 && first - 2 < clusters && count <= clusters - (first - 2);
  }
  Extent run(std::uint64_t first, std::uint64_t count) const {
    return {offset + (first - 2) * cluster_bytes, count * cluster_bytes};
  }
};

// Contents in clusters of which each leads to the next, or that follow each other.
struct ClusterChain {
  static constexpr std::uint64_t kUnknown = UINT64_MAX;

  std::uint32_t first = 0;
  std::uint64_t bytes = 0;  // of a folder perhaps kUnknown: as many as the chain has
  bool in_a_row = false;
};

// What FAT and exFAT have in common: contents lie in chains of clusters, and a folder is a list of
// entries of 32 bytes. A file's number comes from where its entry lies, so that it can be read
// again without its folder; the root's is 0. Links are unknown to both.
//
// Made for damaged volumes: of a folder that is lost in part everything else is told, and then
// comes the Error. Chains that lead in a circle, outside or to their end too soon are one.
class ClusterFiles : public Files {
 public:
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;
  // Upper and lower case are the same in ASCII.
  Result<std::optional<std::uint64_t>> find(const FileNode& folder, std::string_view name) override;

 protected:
  static constexpr std::size_t kEntryBytes = 32;

  // The volume outlives this.
  ClusterFiles(const io::BlockSource& volume, const ClusterArea& area)
      : volume_(volume), area_(area), entries_(volume, kWindow) {}

  // Where a file's contents are, as far as they were ever written: zeros from there on.
  virtual Result<ClusterChain> chain_of(const FileNode& file) = 0;
  // The cluster behind one of a chain; 0 behind the last.
  virtual Result<std::uint32_t> next_cluster(std::uint32_t cluster) = 0;

  // Calls `visit` with the entries of a folder and where they lie; with no bytes in place of those
  // that cannot be read. False ends it. Fails in the end with what could not be read or followed,
  // and on a folder of more than `most` bytes.
  using VisitEntry = std::function<bool(std::uint64_t offset, Bytes entry)>;
  Result<void> each_entry_of(const ClusterChain& folder, std::uint64_t most,
                             const VisitEntry& visit);
  // The same for one part of it, outside all clusters.
  Result<void> each_entry_in(Extent part, const VisitEntry& visit);

  // The entry at `offset` once more. Valid until the next call.
  Result<Bytes> entry_at(std::uint64_t offset);

  const ClusterArea& area() const { return area_; }

 private:
  static constexpr std::size_t kWindow = 16 * kKiB;

  class EntryReader;
  // Goes along the clusters of a file, in runs of neighbours.
  class Runs {
   public:
    Runs(ClusterFiles& files, const ClusterChain& chain, std::uint64_t clusters)
        : files_(files), chain_(chain), at_(chain.first), left_(clusters) {}
    // The next run, where it is in the file and on the volume; empty behind the last. What can be
    // told is, before the Error of what cannot.
    Result<FilePiece> next();

   private:
    ClusterFiles& files_;
    ClusterChain chain_;
    std::uint32_t at_;  // where the next run begins; 0: the chain has ended
    std::uint64_t left_;
    std::uint64_t place_ = 0;  // in the file
    std::optional<Error> broken_;
  };
  // The file that is being read, and the run of it that was last read from.
  struct Open {
    std::uint64_t id;
    std::uint64_t bytes;
    Runs runs;
    FilePiece run;
  };

  Result<void> walk_chain(const ClusterChain& folder, std::uint64_t most, EntryReader& reader);
  Result<Runs> runs_of(const FileNode& file, const ClusterChain& chain);
  Result<void> no_circle(const ClusterChain& chain, std::uint64_t clusters);
  Result<void> open(const FileNode& file, std::uint64_t offset);

  const io::BlockSource& volume_;
  ClusterArea area_;
  Window entries_;
  std::optional<Open> open_;
};

}  // namespace drydock::fs
