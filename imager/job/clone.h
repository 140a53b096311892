#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/stop.h"
#include "core/consent.h"
#include "job/observer.h"
#include "job/plan.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

struct CloneRequest {
  std::string source;  // a device or a file
  std::string target;  // another one
  unsigned threads = 0;
  bool all = false;     // copy every block, used or not
  bool verify = false;  // read the target back afterwards
};

// A clone that is ready to run. It holds the source open.
class ClonePlan {
 public:
  struct Work;
  explicit ClonePlan(std::unique_ptr<Work> work);
  ClonePlan(ClonePlan&&) noexcept;
  ClonePlan& operator=(ClonePlan&&) noexcept;
  ~ClonePlan();

  // summary().overwrites is always set.
  const Summary& summary() const;
  Work& work() { return *work_; }

 private:
  std::unique_ptr<Work> work_;
};

// Reads the table and the allocation maps of the source. Refuses a target that is the source or
// shares bytes with it, is mounted, in use or too small. Nothing is written. `machine` must outlive
// the plan.
Result<ClonePlan> plan_clone(sys::Machine& machine, const CloneRequest& request);

// `consent` must be for the plan's target (Code::bug otherwise).
Result<Report> run(ClonePlan plan, const Consent& consent, Observer& observer, const Stop& stop);

}  // namespace drydock::job
