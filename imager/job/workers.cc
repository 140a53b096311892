#include "job/workers.h"

#include <algorithm>

#include "sys/machine.h"

namespace drydock::job {

unsigned workers_for(sys::Machine& machine, unsigned asked) {
  return std::clamp(asked == 0 ? machine.processors() : asked, 1U, 256U);
}

}  // namespace drydock::job
