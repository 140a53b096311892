#include "job/console.h"

#include "base/bytes.h"
#include "sys/machine.h"

namespace drydock::job {

bool is_live_system(sys::Machine& machine) {
  return machine.live();
}

std::vector<std::string> writable_devices(sys::Machine& machine) {
  return machine.writable_devices();
}

Result<std::string> keep_log(sys::Machine& machine, const std::string& folder,
                             const std::string& text) {
  std::string stamp = machine.time_of("");
  std::erase(stamp, ':');  // no file name of Windows has one
  std::string name = "drydock-" + stamp + ".log";
  const auto file = TRY(machine.create_file(folder + "/" + name, {.expected_bytes = text.size()}));
  TRY(file->append(as_bytes(text)));
  TRY(file->finish());
  return name;
}

Network network(sys::Machine& machine) {
  return machine.network();
}

Result<void> choose_address(sys::Machine& machine, const AddressChoice& choice) {
  return machine.choose_address(choice);
}

std::vector<KeyboardLayout> keyboard_layouts(sys::Machine& machine) {
  return machine.keyboard_layouts();
}

Result<void> choose_keyboard(sys::Machine& machine, const std::string& name) {
  return machine.choose_keyboard(name);
}

Result<void> reboot(sys::Machine& machine) {
  return machine.power(sys::Power::reboot);
}

Result<void> power_off(sys::Machine& machine) {
  return machine.power(sys::Power::off);
}

Result<void> run_shell(sys::Machine& machine) {
  return machine.shell();
}

}  // namespace drydock::job
