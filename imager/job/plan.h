#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/consent.h"
#include "core/extent_map.h"

namespace drydock::job {

// What a job is about to do, in words and figures a person can judge, made before anything is
// touched. Front ends show it; they never compute any of it.
struct Summary {
  std::string verb;                      // "save"
  std::vector<std::string> reads;        // one line a thing: "Samsung SSD 970 (S4EW…), 500 GB, GPT"
  std::vector<std::string> volumes;      // one line a volume: what is kept of it and why
  std::vector<std::string> writes;       // what will be written
  std::optional<Target> overwrites;      // the device or file whose content will be lost
  std::vector<std::string> overwritten;  // what is on it now, a line each
  std::vector<std::string> warnings;
  std::uint64_t source_bytes = 0;  // size of the disk
  std::uint64_t kept_bytes = 0;    // that will be read or restored
  std::uint64_t space_needed = 0;  // estimate of what the destination must hold
  std::uint64_t space_free = 0;    // 0 where it does not apply
  std::uint64_t memory = 0;        // bytes that the run will use at most
  unsigned threads = 0;
  std::string command;  // the command line that does the same
};

// How a job ended that did what it could. An Error is used when it did not.
struct Report {
  std::vector<std::string> lines;  // sentences: what was done, where, how much, how long
  std::uint64_t source_bytes = 0;
  std::uint64_t kept_bytes = 0;
  std::uint64_t image_bytes = 0;
  std::chrono::milliseconds elapsed{0};
  ExtentMap unreadable;  // on the disk
  ExtentMap lost;        // of the disk, by damage of the image that was restored
  bool verified = false;
  std::string digest;  // XXH3-128 of the whole raw disk, hex

  // 0, or 5 when some areas could not be read.
  int exit_status() const { return unreadable.empty() && lost.empty() ? 0 : 5; }
};

}  // namespace drydock::job
