#pragma once

#include <optional>
#include <string>
#include <vector>

namespace drydock {

// What a drive tells only when it is asked.
struct DriveCondition {
  std::optional<int> celsius;  // where a sensor of the drive is known to the kernel
  // Sentences about what of it cannot be reached, and what to do: locked by a password, a part of
  // it hidden.
  std::vector<std::string> limits;

  bool operator==(const DriveCondition&) const = default;
};

}  // namespace drydock
