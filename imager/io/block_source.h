#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent_map.h"
#include "core/geometry.h"

namespace drydock::io {

// Anything that can be read like a disk: a device, a file, memory, a slice of another source, an
// image. Several threads may read at once.
class BlockSource {
 public:
  virtual ~BlockSource() = default;

  virtual const Geometry& geometry() const = 0;

  // For error messages: a path, or what the source stands for.
  virtual std::string name() const = 0;

  // Fills all of `into` with the bytes from `offset`, or fails. The range must lie inside the
  // source (a range outside is Code::bad_input: a structure on the disk points beyond its end).
  // Code::unreadable means that the medium is at fault and a smaller range may still succeed.
  // Any offset, length and buffer alignment is allowed; aligned ones are faster on devices.
  virtual Result<void> read_at(std::uint64_t offset, MutableBytes into) const = 0;

  // The bytes that may be other than zero, as far as known without reading (holes of a sparse
  // file, the unallocated areas of an image). Everything when nothing is known.
  virtual ExtentMap data() const { return ExtentMap::whole(geometry().bytes); }
};

// Fails when the range is not inside the source; for implementations of read_at.
Result<void> check_range(const BlockSource& source, std::uint64_t offset, std::uint64_t length);

// `length` bytes in a vector; for structures of a size that the caller has bounded.
Result<std::vector<std::byte>> read_bytes(const BlockSource& source, std::uint64_t offset,
                                          std::size_t length);

}  // namespace drydock::io
