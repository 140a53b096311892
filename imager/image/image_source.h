#pragma once

#include <mutex>
#include <vector>

#include "codec/zstd.h"
#include "image/reader.h"
#include "io/block_source.h"

namespace drydock::image {

// An image as the disk that is in it, without unpacking it: frames are decompressed as they are
// asked for, and the last one is kept. Reads of several threads take turns. The reader must outlive
// it.
class ImageSource : public io::BlockSource {
 public:
  explicit ImageSource(const ImageReader& reader);

  const Geometry& geometry() const override { return reader_.manifest().geometry; }
  std::string name() const override;
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  ExtentMap data() const override { return reader_.maps().captured; }

 private:
  Result<Bytes> chunk(std::size_t frame) const;

  const ImageReader& reader_;
  mutable std::mutex mutex_;
  mutable codec::ZstdDecompressor zstd_;
  mutable std::vector<std::byte> packed_;
  mutable std::vector<std::byte> raw_;
  mutable std::size_t kept_;  // the frame in raw_, or no frame's number
};

}  // namespace drydock::image
