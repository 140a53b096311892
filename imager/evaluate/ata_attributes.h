#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evaluate/health.h"
#include "evaluate/json_node.h"

namespace drydock::evaluate {

// The table of attributes, whose numbers mean different things in drives of different makers.
class AtaAttributes {
 public:
  explicit AtaAttributes(JsonNode report);

  const std::vector<Attribute>& all() const { return attributes_; }

  // The attribute with this number, if smartctl's name for it has `part` in it: makers use the same
  // number for different things, and the drive database of smartctl knows which.
  const Attribute* find(unsigned id, std::string_view part) const;
  // A count. Some drives pack two or three numbers into the 48 bits; the first that smartctl shows
  // is the count.
  std::optional<std::uint64_t> counted(unsigned id, std::string_view part) const;
  // The lowest 16 of the 48 bits: Seagate packs three counts into attribute 188.
  std::optional<std::uint64_t> low_word(unsigned id, std::string_view part) const;

 private:
  std::vector<Attribute> attributes_;
  std::vector<std::uint64_t> raws_;  // same order
};

// A value of the device statistics log (ACS-3, 9.5), where the drive keeps it and says it is valid.
std::optional<std::uint64_t> device_statistic(JsonNode report, std::string_view name);

}  // namespace drydock::evaluate
