#pragma once

#include <cstdint>

#include "base/result.h"
#include "core/manifest.h"
#include "image/index.h"
#include "image/maps.h"
#include "io/block_source.h"
#include "io/byte_sink.h"

namespace drydock::image {

// Writes a native image in order: manifest, frames of data, maps, index, seek table. One thread.
// The sink must outlive it; the caller finishes the sink itself (sync, rename).
class ImageWriter {
 public:
  // `stored` is what an earlier run left in the sink, null where there is nothing. As long as it
  // holds what is to be written it stays; from the first difference on it is cut off and written
  // anew. It must outlive the writer.
  explicit ImageWriter(io::ByteSink& sink, const io::BlockSource* stored = nullptr)
      : sink_(sink), stored_(stored) {}

  Result<void> begin(const Manifest& manifest);

  // The next frame, which becomes `entry.raw` bytes; entry.packed must be frame.size().
  Result<void> add(Bytes frame, const FrameEntry& entry);

  // True while everything so far was there already. Only then the next frame may be left where it
  // is by one who has read and proved it.
  bool keeping() const { return stored_ != nullptr; }
  void keep(const FrameEntry& entry);

  // Writes what stands behind the data. Returns the digest of the whole disk.
  Result<Digest> finish(const Maps& maps);

  std::uint64_t bytes() const { return bytes_; }      // in the image so far
  std::uint64_t kept_bytes() const { return kept_; }  // of them from the earlier run

 private:
  Result<void> append(Bytes bytes);
  Result<bool> is_stored(Bytes bytes) const;
  Result<void> cut_off();

  io::ByteSink& sink_;
  const io::BlockSource* stored_;  // null from the first difference on
  Index index_;
  std::uint32_t manifest_bytes_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t kept_ = 0;
};

// True when the file begins with exactly this manifest.
Result<bool> begins_with(const io::BlockSource& file, const Manifest& manifest);

}  // namespace drydock::image
