// An emulated PC in the hands of a test: look at its two consoles, press keys, wait for what should
// appear.
//
// The serial console is a terminal of 80x24 fed by COM1; the VGA console is read from the adapter's
// memory while it is in text mode (BIOS), and photographed otherwise. Keys go to either. Waiting is
// by what is seen, never by time: the limits only end a test that has gone wrong, and are
// multiplied by DRYDOCK_PATIENCE (a number) on slow machines. A wait that fails throws
// std::runtime_error with both screens in its message. The destructor kills QEMU. Logs stay in
// build/vm/NAME (DRYDOCK_BUILD names another build folder): serial.log, qemu.log, *.png. One
// thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/process.h"
#include "support/qmp.h"
#include "support/screen.h"
#include "support/temp_dir.h"
#include "support/vm_spec.h"

namespace drydock::test {

inline constexpr std::chrono::seconds kPatience{900};

class Vm {
 public:
  explicit Vm(const VmSpec& spec);
  ~Vm();
  Vm(const Vm&) = delete;
  Vm& operator=(const Vm&) = delete;

  // Lets the machine run for a while, keeping the serial screen up to date. False once it is off.
  bool run_for(std::chrono::milliseconds time);

  // Called now and then while waiting, e.g. to show the screen to a person.
  void on_progress(std::function<void(Vm&)> watcher) { watcher_ = std::move(watcher); }

  // ---- the serial console
  const Screen& serial() const { return screen_; }
  const std::string& serial_log() const { return log_; }  // every byte so far
  void serial_type(std::string_view text);                // newline: Enter
  void serial_press(std::string_view key);                // "down", "ret", … (support/keyboard.h)
  void wait_for_serial(std::string_view text, std::chrono::seconds limit = kPatience);

  // ---- the VGA console
  // What is on it, a line per row. Empty while the adapter is in a graphics mode.
  std::string vga();
  std::string vga_selected();  // the part of it on another background than black
  void vga_type(std::string_view text);
  void vga_press(std::string_view key);  // "down", "alt+f2", …
  void wait_for_vga(std::string_view text, std::chrono::seconds limit = kPatience);
  // Saves NAME.png in the machine's folder.
  std::filesystem::path screenshot(std::string_view name);

  // ---- the machine
  // `what` ends the sentence "waited in vain for …".
  void wait_until(std::string_view what, const std::function<bool()>& condition,
                  std::chrono::seconds limit = kPatience);
  void wait_until_off(std::chrono::seconds limit = kPatience);
  bool is_off();
  void pull_the_plug();
  // Plugs another disk into the running machine, on its USB controller: one must be there already.
  void plug_in(const VmDisk& disk);
  // Pulls it out again, without a word to the guest: the last one plugged in.
  void pull_out();
  // Pulls out the medium that the machine was booted from, CD or stick.
  void pull_medium();
  // A wired port on another network, 10.0.3.0/24, on the USB controller; and the cable of the one
  // of the spec pulled out or put back.
  void plug_in_nic();
  void set_link(bool up);
  Qmp& qmp() { return *qmp_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void start();
  void look_for_panic();
  struct VgaMemory {
    std::string bytes;  // empty in a graphics mode
    std::size_t start = 0;
  };
  VgaMemory vga_memory();
  void take_serial_output();
  void send_chord(const std::vector<std::string>& chord);

  VmSpec spec_;
  std::filesystem::path folder_;
  TempDir temp_{"drydock-vm"};  // for the socket, whose path must be short
  std::optional<Process> qemu_;
  std::optional<Qmp> qmp_;
  Screen screen_;
  std::string log_;
  std::size_t started_at_ = 0;  // where in log_ the running machine begins
  unsigned plugged_ = 0;
  unsigned restarts_ = 0;  // because of the panic that look_for_panic() knows
  std::function<void(Vm&)> watcher_;
};

}  // namespace drydock::test
