#pragma once

#include <vector>

#include "core/drive_facts.h"
#include "core/geometry.h"
#include "evaluate/finding.h"
#include "evaluate/health.h"

namespace drydock::evaluate {

// How the drive is connected: the kernel's answer, filled up by what the drive said to smartctl.
LinkSpeed link_of(const DriveFacts& facts, const Health& health);

// A link that is slower than both of its ends, a drive that is not as large as it says.
std::vector<Finding> judge_connection(const LinkSpeed& link, const Health& health,
                                      const Geometry& geometry);

}  // namespace drydock::evaluate
