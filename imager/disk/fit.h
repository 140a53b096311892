#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/geometry.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// Bytes that replace what the image has at `offset`, written after everything else.
struct Patch {
  std::uint64_t offset = 0;
  std::vector<std::byte> bytes;
};

// What must change in the table of a disk so that it is right on another target.
struct Fit {
  // Bytes of the image, from its start, that go to the target: all, unless the target is smaller.
  std::uint64_t bytes = 0;
  std::vector<Patch> patches;      // in the order in which they are to be written
  std::vector<std::string> notes;  // in words: "the backup GPT moves to the end of the target"
};

// `image` is the disk as it was saved, `layout` its table. Fails with Code::bad_input when the
// target is too small (says by how much) or has another logical sector size than the table was
// written for. The same size needs nothing. A GPT on a larger disk gets its backup at the new end
// and its last usable LBA raised (UEFI 2.10 §5.3.2); where the old backup stood is zeroed, as far
// as it is in no partition. A GPT may also go to a smaller disk when all that would not fit is its
// old backup and zeros. Every other table stays as it is.
Result<Fit> fit(const io::BlockSource& image, const Layout& layout, const Geometry& target);

}  // namespace drydock::disk
