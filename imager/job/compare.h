#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/person.h"
#include "job/evaluation.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// What an earlier evaluation counted, from its JSON report.
struct EarlierReport {
  std::string file;
  std::string time;
  std::string serial;
  std::map<std::string, std::uint64_t> counters;  // by key
  std::uint64_t bad_bytes = 0;
  double sequential = 0;  // bytes a second, the median over the disk; 0: not measured
};

// bad_input when it is no JSON report of an evaluation.
Result<EarlierReport> read_earlier_report(sys::Machine& machine, const std::string& file,
                                          Person* person);
Result<EarlierReport> parse_earlier_report(const std::string& file, const std::string& json);

// bad_input unless both are of the same serial number.
Result<void> check_same_drive(const EarlierReport& earlier, const Evaluation& now);

// Fills now.since, and gives what got worse as findings.
std::vector<evaluate::Finding> compare(const EarlierReport& earlier, Evaluation& now);

// The median over the disk, in bytes a second; 0 where it was not measured.
double typical_sequential(const Evaluation& evaluation);

}  // namespace drydock::job
