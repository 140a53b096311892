#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace drydock::disk {

// Says by how much a target is too small for what needs `needed` bytes, and `why` if not empty.
Error too_small(std::uint64_t needed, std::uint64_t target, std::string_view why);

}  // namespace drydock::disk
