#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/consent.h"
#include "io/block_sink.h"
#include "sys/sys_tree.h"
#include "sys/write_gate.h"

namespace drydock::sys {

// A disk or partition, by the kernel's name, as a target: the identity is that of its disk, the
// size its own.
Result<Target> device_target(const SysTree& tree, const std::string& name);

// What is in the way of overwriting it (see Uses), write protection included where the kernel's
// flag is not ours. Empty: nothing.
std::vector<std::string> obstacles(const SysTree& tree, const std::string& name, bool live);

// Checks, lifts the flag and opens. The sink shuts the gate again when it is destroyed; it must
// not outlive `gate`.
Result<std::unique_ptr<io::BlockSink>> open_device_target(const SysTree& tree, WriteGate& gate,
                                                          const Consent& consent, bool live);

}  // namespace drydock::sys
