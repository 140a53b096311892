#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluate/finding.h"

namespace drydock::evaluate {

// A count that the drive keeps over its life, for comparing two reports of the same drive.
struct Counter {
  std::string key;   // stable: "reallocated_sectors"
  std::string name;  // "sectors replaced by spare ones"
  std::uint64_t value = 0;
  bool more_is_worse = true;  // false: it only tells how much the drive was used

  bool operator==(const Counter&) const = default;
};

// An attribute of an ATA drive as smartctl names and shows it.
struct Attribute {
  unsigned id = 0;
  std::string name;
  unsigned value = 0;      // normalised: falls as it gets worse
  unsigned worst = 0;      // the lowest it has been
  unsigned threshold = 0;  // at or below it the attribute has failed; 0: never
  std::string raw;         // as smartctl reads the 48 bits
  bool prefailure = false;
  std::string failed;  // "now", "past" or empty

  bool operator==(const Attribute&) const = default;
};

// What a drive tells about itself. Strings are safe to show.
struct Health {
  std::string protocol;  // "ATA", "NVMe", "SCSI"; empty: nothing was told
  std::string model;
  std::string serial;
  std::string firmware;
  std::uint64_t bytes = 0;
  bool solid_state = false;
  std::optional<bool> passed;  // the drive's own summary
  std::optional<std::uint64_t> hours;
  std::optional<std::uint64_t> temperature;  // °C, now
  std::optional<std::uint64_t> wear;         // percent of the rated endurance, may exceed 100
  std::vector<Counter> counters;
  std::vector<Attribute> attributes;  // ATA

  std::string link_now;  // "6.0 Gb/s", SATA
  std::string link_max;
  std::uint64_t link_now_rate = 0;  // bits a second, 0: unknown
  std::uint64_t link_max_rate = 0;
  std::optional<bool> trim;
  std::optional<bool> write_cache;
  std::string security;  // ATA security as smartctl words it

  std::vector<Finding> findings;  // the heaviest first

  bool operator==(const Health&) const = default;
};

// Reads what `smartctl --json --xall` printed (JSON format version 1.0, smartmontools 7.0 and
// later). bad_input when it is not that. That smartctl got nothing out of the drive is a finding.
//
// The thresholds rest on these studies; where one is Drydock's own, the code says so.
// * Pinheiro, Weber, Barroso, "Failure Trends in a Large Disk Drive Population", FAST 2007: after a
//   first scan error a drive is 39 times as likely to fail within 60 days, after a first
//   reallocation 14, offline reallocation 21, pending sector 16 times; over a third of failed
//   drives had no sign at all; temperature matters little below the extremes.
// * Backblaze, "Hard Drive SMART Stats" (2014) and "What SMART Stats Tell Us About Hard Drives"
//   (2016): attributes 5, 187, 188, 197, 198 above zero; drives are replaced once 187 is.
// * Schroeder, Lagisetty, Merchant, "Flash Reliability in Production: The Expected and the
//   Unexpected", FAST 2016: most flash drives see some bad blocks and many an uncorrectable error,
//   so that one alone says little there.
Result<Health> read_health(std::string_view smartctl_json);

// The same when the drive could not be asked: everything unknown, with a finding that says why and,
// if anything can, what would help.
Health unknown_health(const std::string& reason, const std::string& remedy = {});

}  // namespace drydock::evaluate
