#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "core/extent.h"

namespace drydock::job {

// What a running job tells. Events are values; a command line, a JSON log, the menu and a test
// differ only in what they do with them.

// A phase began: "save", "verify", "sync". `total` is in source bytes that will be processed.
struct Began {
  std::string phase;
  std::uint64_t total = 0;
};

// At most ten times a second and once at the end of a phase.
struct Progress {
  std::uint64_t done = 0;  // of Began::total
  std::uint64_t total = 0;
  std::uint64_t position = 0;  // on the disk, where the job is now
  std::uint64_t stored = 0;    // bytes in the image so far (save) or read from it (restore, verify)
  double rate = 0;             // bytes a second over the last seconds
  // Until the phase ends; negative while unknown.
  std::chrono::seconds remaining{-1};
};

// A sentence worth showing and keeping in the log.
struct Notice {
  std::string text;
};

// These bytes of the disk could not be read; the job goes on.
struct Unreadable {
  Extent extent;
  std::string volume;  // "/dev/sda2 (ext4)", empty outside any
};

// How far a rescue has come, about once a second and when it ends. The bytes of the four states
// add up to the drive.
struct Rescued {
  std::string step;            // "Copying, pass 1 (forwards)"
  std::string cells;           // the drive in up to a thousand parts, as job/rescue_cells.h has it
  std::uint64_t position = 0;  // on the drive, in bytes
  std::uint64_t rescued = 0;   // bytes
  std::uint64_t untried = 0;
  std::uint64_t failed = 0;  // in reads that failed; tried again in smaller ones
  std::uint64_t bad = 0;
  std::uint64_t reads = 0;
  std::uint64_t reads_failed = 0;
};

struct Ended {
  std::string phase;
};

using Event = std::variant<Began, Progress, Notice, Unreadable, Rescued, Ended>;

// Called from the thread that runs the job, never from two at once; must not block for long.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Event& event) = 0;
};

// The twin that ignores everything.
class NullObserver : public Observer {
 public:
  void on(const Event&) override {}
};

}  // namespace drydock::job
