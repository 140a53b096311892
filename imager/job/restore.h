#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/stop.h"
#include "core/consent.h"
#include "core/person.h"
#include "job/observer.h"
#include "job/plan.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

struct RestoreRequest {
  std::string image;   // a path or a URL
  std::string target;  // a device or a file
  unsigned threads = 0;
  bool verify = false;       // read the target back afterwards
  bool salvage = false;      // also of a damaged or unfinished image; what is lost becomes zeros
  Person* person = nullptr;  // as in SaveRequest
};

class RestorePlan {
 public:
  struct Work;
  explicit RestorePlan(std::unique_ptr<Work> work);
  RestorePlan(RestorePlan&&) noexcept;
  RestorePlan& operator=(RestorePlan&&) noexcept;
  ~RestorePlan();

  // summary().overwrites is always set.
  const Summary& summary() const;
  Work& work() { return *work_; }

 private:
  std::unique_ptr<Work> work_;
};

// Refuses a target that is mounted, in use, too small, or the disk that holds the image. Nothing
// is written.
Result<RestorePlan> plan_restore(sys::Machine& machine, const RestoreRequest& request);

// `consent` must be for the plan's target (Code::bug otherwise).
Result<Report> run(RestorePlan plan, const Consent& consent, Observer& observer, const Stop& stop);

}  // namespace drydock::job
