#pragma once

#include <string_view>

namespace drydock::job {

inline constexpr std::string_view kToolVersion = "drydock 0.1.0";

}  // namespace drydock::job
