#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/stop.h"
#include "core/person.h"
#include "job/observer.h"
#include "job/plan.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

struct SaveRequest {
  std::string source;    // a device or a file
  std::string image;     // a path, a URL (core/url.h), or "-" for standard output
  int level = 0;         // zstd level 1..19; 0: the default
  unsigned threads = 0;  // 0: one a processor
  bool all = false;      // keep every block, used or not
  std::string note;
  bool verify = false;  // read the finished image back
  // Cut the image into NAME.000, NAME.001 … of this size. 0: only where the destination's
  // filesystem holds no large files.
  std::uint64_t split = 0;
  // Who is asked what a server of the URL wants to know, while planning; null: nobody.
  Person* person = nullptr;
  // The map of the rescue that made the source: what was not rescued is unreadable, not zero.
  std::string map = {};
  // An unfinished IMAGE.part of an earlier run may be overwritten; or is gone on with, with the
  // level, note, `all` and pieces it was begun with where none are given here. Without one `resume`
  // changes nothing.
  bool replace_part = false;
  bool resume = false;
};

// A save that is ready to run. It holds the source open.
class SavePlan {
 public:
  struct Work;
  explicit SavePlan(std::unique_ptr<Work> work);
  SavePlan(SavePlan&&) noexcept;
  SavePlan& operator=(SavePlan&&) noexcept;
  ~SavePlan();

  const Summary& summary() const;
  Work& work() { return *work_; }

 private:
  std::unique_ptr<Work> work_;
};

// Reads the table and the allocation maps of the source and checks the destination. Nothing is
// written. `machine` must outlive the plan. An image is not gone on with (Code::bad_input) when the
// source has another identity, table or filesystem state than its manifest tells; what its frames
// hold is compared in run().
Result<SavePlan> plan_save(sys::Machine& machine, const SaveRequest& request);

// Writes IMAGE.part, syncs and renames it to IMAGE. On any failure the .part stays and the error
// says so. Runs in the calling thread and starts its own workers.
Result<Report> run(SavePlan plan, Observer& observer, const Stop& stop);

// "Samsung-SSD-970-2026-11-25.img.zst", from the model of the drive, else from the name of its
// device.
std::string proposed_image_name(sys::Machine& machine, const std::string& source);

}  // namespace drydock::job
