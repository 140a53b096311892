#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/disk_id.h"
#include "core/keyboard.h"
#include "core/network.h"
#include "job/evaluation.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// What a full-screen front end needs of the machine beside jobs.
bool is_live_system(sys::Machine& machine);
std::vector<std::string> writable_devices(sys::Machine& machine);
// All drives as the kernel shows them. None is opened, so it is cheap enough to poll for drives
// that come and go.
Result<std::vector<Disk>> drives(sys::Machine& machine);
// Writes what a front end has logged to a new file in a folder of open_destination(), named after
// the time, and gives its name.
Result<std::string> keep_log(sys::Machine& machine, const std::string& folder,
                             const std::string& text);
// The same with a report as HTML, named after the drive as well.
Result<std::string> keep_report(sys::Machine& machine, const std::string& folder,
                                const Evaluation& evaluation);
Network network(sys::Machine& machine);
Result<void> choose_address(sys::Machine& machine, const AddressChoice& choice);
std::vector<KeyboardLayout> keyboard_layouts(sys::Machine& machine);
Result<void> choose_keyboard(sys::Machine& machine, const std::string& name);
Result<void> reboot(sys::Machine& machine);
Result<void> power_off(sys::Machine& machine);
Result<void> run_shell(sys::Machine& machine);

}  // namespace drydock::job
