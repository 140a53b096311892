#pragma once

#include <memory>
#include <string>

#include "io/block_source.h"

namespace drydock::io {

// A regular file or a block device, opened read-only. Nothing here changes the kernel's state of a
// device; the live system's policy is sys::Machine's affair.
//
// Reads of whole sectors into memory aligned to a sector go past the page cache where the device
// allows it; others go through it, and where the page cache fails, once more without it: it loses
// the good sectors that share a page with a bad one.
//
// A device that is gone or a file that became shorter is Code::environment, never zeros.
// A folder, a pipe or a character device is Code::bad_input.
Result<std::unique_ptr<BlockSource>> open_file_source(const std::string& path);

}  // namespace drydock::io
