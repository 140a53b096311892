#pragma once

#include "base/error.h"

namespace drydock::disk {

// True for a failed read that tells about one place only: a bad sector, or a structure that points
// beyond the end of the disk. False when the disk no longer answers, so that no read will do.
inline bool local_fault(const Error& error) {
  return error.code == Code::bad_input || error.code == Code::unreadable;
}

}  // namespace drydock::disk
