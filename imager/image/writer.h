#pragma once

#include <cstdint>

#include "base/result.h"
#include "core/manifest.h"
#include "image/index.h"
#include "image/maps.h"
#include "io/byte_sink.h"

namespace drydock::image {

// Writes a native image in order: manifest, frames of data, maps, index, seek table. One thread.
// The sink must outlive it; the caller finishes the sink itself (sync, rename).
class ImageWriter {
 public:
  explicit ImageWriter(io::ByteSink& sink) : sink_(sink) {}

  Result<void> begin(const Manifest& manifest);

  // The next frame, which becomes `entry.raw` bytes; entry.packed must be frame.size().
  Result<void> add(Bytes frame, const FrameEntry& entry);

  // Writes what stands behind the data. Returns the digest of the whole disk.
  Result<Digest> finish(const Maps& maps);

  std::uint64_t bytes() const { return bytes_; }  // in the image so far

 private:
  Result<void> append(Bytes bytes);

  io::ByteSink& sink_;
  Index index_;
  std::uint32_t manifest_bytes_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace drydock::image
