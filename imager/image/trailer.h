#pragma once

#include <cstdint>

#include "base/result.h"
#include "io/block_source.h"

namespace drydock::image {

// Where the frames behind the data stand in the file.
struct Trailer {
  Extent maps;
  Extent index;
  Extent table;
};

// By the seek table at the end of the file. Code::bad_input when there is none or it is damaged.
Result<Trailer> locate_trailer(const io::BlockSource& file);

// By walking over all frames from the start, for a file whose seek table is damaged. Fails when
// the frames end before the index: the image is unfinished or cut off.
Result<Trailer> scan_for_trailer(const io::BlockSource& file);

// The size of the zstd or skippable frame at `offset`, from its headers alone (RFC 8878 §3.1).
Result<std::uint64_t> frame_size_at(const io::BlockSource& file, std::uint64_t offset);

}  // namespace drydock::image
