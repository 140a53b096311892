#pragma once

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// Threads of the middle stage: as many as asked for, at most 256; 0 is one a processor.
unsigned workers_for(sys::Machine& machine, unsigned asked);

}  // namespace drydock::job
