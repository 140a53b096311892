#include "job/console.h"

#include "base/bytes.h"
#include "job/drive_name.h"
#include "job/evaluation_report.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// A new file "STEM-TIME.ENDING", whose name it gives.
Result<std::string> keep(sys::Machine& machine, const std::string& folder, const std::string& stem,
                         const std::string& ending, const std::string& text) {
  std::string stamp = machine.time_of("");
  std::erase(stamp, ':');  // no file name of Windows has one
  std::string name = stem + "-" + stamp + ending;
  const auto file = TRY(machine.create_file(folder + "/" + name, {.expected_bytes = text.size()}));
  TRY(file->append(as_bytes(text)));
  TRY(file->finish());
  return name;
}

}  // namespace

bool is_live_system(sys::Machine& machine) {
  return machine.live();
}

std::vector<std::string> writable_devices(sys::Machine& machine) {
  return machine.writable_devices();
}

Result<std::string> keep_log(sys::Machine& machine, const std::string& folder,
                             const std::string& text) {
  return keep(machine, folder, "drydock", ".log", text);
}

Result<std::string> keep_report(sys::Machine& machine, const std::string& folder,
                                const Evaluation& evaluation) {
  return keep(machine, folder, drive_name(evaluation.id, evaluation.path), ".html",
              evaluation_html(evaluation));
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
