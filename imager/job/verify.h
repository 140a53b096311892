#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop.h"
#include "core/manifest.h"
#include "core/person.h"
#include "job/observer.h"
#include "job/plan.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// A part of an image that is not what was saved.
struct Damage {
  Extent image;        // bytes of the image file
  Extent disk;         // bytes of the disk that are lost by it, length 0 where none are
  std::string volume;  // "2 (ext4, root)", empty outside any
  std::string what;    // "the frame does not decompress"
};

struct VerifyReport {
  Report report;
  Manifest manifest;
  std::vector<Damage> damage;  // empty: the image is whole
};

struct VerifyRequest {
  std::string image;  // a path or a URL
  unsigned threads = 0;
  Person* person = nullptr;  // as in SaveRequest
};

// Reads all of the image, decompresses every frame and compares every digest. Damage is part of
// the report; an Error means that it is not a Drydock image at all, that it is incomplete, or
// cannot be read.
Result<VerifyReport> verify(sys::Machine& machine, const VerifyRequest& request, Observer& observer,
                            const Stop& stop);

}  // namespace drydock::job
