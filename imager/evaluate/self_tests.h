#pragma once

#include "evaluate/health.h"
#include "evaluate/json_node.h"

namespace drydock::evaluate {

// What the drive's tests of itself found. A failure counts until a later long test passes: a short
// one reads next to nothing.
void judge_ata_self_tests(JsonNode report, Health& health);
void judge_nvme_self_tests(JsonNode report, Health& health);
void judge_scsi_self_tests(JsonNode report, Health& health);

}  // namespace drydock::evaluate
