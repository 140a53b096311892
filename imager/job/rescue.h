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

struct RescueRequest {
  std::string source = {};  // a damaged drive, a partition of one, or a file
  std::string target = {};  // a raw image to be made or gone on with (a path or a URL), or a device
  std::string map = {};     // empty: TARGET.map, which a device does not have
  unsigned retries = 0;
  bool used_first = false;   // what filesystems use before what they do not
  Person* person = nullptr;  // as in SaveRequest
};

class RescuePlan {
 public:
  struct Work;
  explicit RescuePlan(std::unique_ptr<Work> work);
  RescuePlan(RescuePlan&&) noexcept;
  RescuePlan& operator=(RescuePlan&&) noexcept;
  ~RescuePlan();

  // summary().overwrites is set where the target is a device.
  const Summary& summary() const;
  Work& work() { return *work_; }

 private:
  std::unique_ptr<Work> work_;
};

// Reads nothing of the source: every read may be its last. Refuses a target that is in use, too
// small, or on the source; a file that exists without its map; a map whose copy is gone, or that
// belongs to another drive. Nothing is written.
Result<RescuePlan> plan_rescue(sys::Machine& machine, const RescueRequest& request);

// Whenever it ends, also by a kill, the same request goes on where the map says, which is at most
// half a minute older than the copy. `consent` must be for the plan's target where that is a
// device (Code::bug otherwise), and is null where it is a file. A source that vanishes is
// Code::environment. Report::kept_bytes is what has been rescued in all.
Result<Report> run(RescuePlan plan, const Consent* consent, Observer& observer, const Stop& stop);

}  // namespace drydock::job
