#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/manifest.h"
#include "image/index.h"
#include "image/maps.h"
#include "io/block_source.h"

namespace drydock::image {

// True when the file starts like a native image, whole or not.
bool is_image(const io::BlockSource& file);

// True when nothing but the beginning of an image that is being written can have left the file like
// this: it is empty, all zero, or starts like an image and is too short for more than a manifest
// and the first chunk.
Result<bool> is_barely_begun(const io::BlockSource& file);

// The manifest alone, from the start of the file; works on an unfinished image too.
Result<Manifest> read_manifest(const io::BlockSource& file);

// Where frame i stands.
struct Location {
  std::uint64_t file = 0;
  std::uint64_t disk = 0;
};

// A native image with everything but its data in memory: 48 bytes a frame and the maps. Several
// threads may read frames at once. The file must outlive it.
class ImageReader {
 public:
  // Code::bad_input when the file is foreign, unfinished or so damaged that its frames cannot be
  // located; the sentence says which.
  static Result<ImageReader> open(const io::BlockSource& file);
  // The same, but only a manifest that cannot be used is an error: what else is damaged or missing
  // at the end is told by flaws(). Frames that are damaged or not there at all have an entry that
  // nothing matches, so that their bytes of the disk are known to be lost. Without maps everything
  // is taken to be captured.
  static Result<ImageReader> salvage(const io::BlockSource& file);

  const Manifest& manifest() const { return manifest_; }
  const Maps& maps() const { return maps_; }
  const Index& index() const { return index_; }
  std::uint64_t file_bytes() const { return file_->geometry().bytes; }
  Location location(std::size_t frame) const { return locations_[frame]; }
  // The largest frame, for buffers.
  std::uint32_t largest_packed() const { return largest_packed_; }

  // What is wrong with the image although it can be used: "the seek table is damaged".
  const std::vector<std::string>& flaws() const { return flaws_; }

  // The frame that holds byte `disk_offset`, which must be on the disk.
  std::size_t frame_at(std::uint64_t disk_offset) const;

  // Fills `packed`, whose size is index()[frame].packed.
  Result<void> read_frame(std::size_t frame, MutableBytes packed) const;

 private:
  ImageReader() = default;
  Result<void> check_index(std::uint64_t manifest_bytes, std::uint64_t trailer_offset);
  // Where the frames stand; gives the end of the last one.
  Location locate(std::uint64_t manifest_bytes);

  const io::BlockSource* file_ = nullptr;
  Manifest manifest_;
  Maps maps_;
  Index index_;
  std::vector<Location> locations_;
  std::uint32_t largest_packed_ = 0;
  std::vector<std::string> flaws_;
};

}  // namespace drydock::image
