#pragma once

#include <string>

#include "evaluate/health.h"
#include "evaluate/json_node.h"

namespace drydock::evaluate {

// The parts of read_health(): each adds what one kind of drive tells to `health`.
void read_ata(JsonNode report, Health& health);
void read_nvme(JsonNode report, Health& health);
void read_scsi(JsonNode report, Health& health);

// What several kinds share.
void find(Health& health, Verdict weight, std::string key, std::string text);
void count(Health& health, std::string key, std::string name, std::uint64_t value,
           bool more_is_worse = true);
void judge_wear(Health& health);

// "1 sector is", "2 sectors are"
std::string counted_are(std::uint64_t count, std::string_view noun);
// "1 sector was", "2 sectors were"
std::string counted_were(std::uint64_t count, std::string_view noun);

}  // namespace drydock::evaluate
