#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/stop.h"
#include "core/person.h"
#include "job/evaluation.h"
#include "job/observer.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

struct EvaluateRequest {
  std::string path = {};     // a drive; a partition or a file as far as that goes
  bool full = false;         // read all of it instead of a sample of at most a minute
  std::string compare = {};  // an earlier report as JSON, path or URL; empty: none
  std::string report = {};   // to be written: .html, .json or .txt, path or URL; empty: none
  Person* person = nullptr;  // as in SaveRequest
  std::chrono::milliseconds random_time{5000};  // for which random reading is measured, twice
};

// Asks the drive about its health, reads it and measures it; nothing is written to it. A drive
// whose health says that it may fail any moment is not read unless `full` asks for it. Bad areas
// and a drive that goes away are part of the evaluation; an Error means that there is none. Writes
// the report, if one is wanted; that it cannot be written is known before the drive is read, where
// possible, and is an Error.
Result<Evaluation> evaluate_drive(sys::Machine& machine, const EvaluateRequest& request,
                                  Observer& observer, const Stop& stop);

}  // namespace drydock::job
