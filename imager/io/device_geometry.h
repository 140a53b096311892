#pragma once

#include <string>

#include "base/result.h"
#include "core/geometry.h"

namespace drydock::io {

// What the kernel says about the open block device `fd`; `name` is for error messages. An empty
// drive (size 0) is Code::environment.
Result<Geometry> device_geometry(int fd, const std::string& name);

}  // namespace drydock::io
