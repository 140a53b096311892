#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/manifest.h"
#include "io/block_source.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// What an earlier save left of an image: IMAGE.part, or pieces of it.
struct Unfinished {
  std::string name;  // of the file, or the first of its pieces
  std::unique_ptr<io::BlockSource> content;
  bool pieces = false;
  std::uint64_t piece_bytes = 0;     // 0: unknown, there is but one
  std::optional<Manifest> manifest;  // nothing: the save ended before it was written
};

// Nothing when there is none. Where there are both forms, the one in `pieces` if that is asked for.
// Code::bad_input when it is no image of ours, or damaged at its beginning.
Result<std::optional<Unfinished>> find_unfinished(sys::Machine& machine, const std::string& image,
                                                  bool pieces);

// The refusal of an unfinished image by everything that needs a finished one.
Error unfinished_image(const std::string& name);

// Why an image that was begun with one manifest cannot be finished with the other, whose time and
// id do not matter: "the serial number of the disk was S1 and is S2 now". Empty: it can.
std::string difference(const Manifest& begun, const Manifest& now);

}  // namespace drydock::job
