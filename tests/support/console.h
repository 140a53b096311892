// One face for the two consoles of an emulated PC, so that a test drives either with the same
// steps.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/vm.h"

namespace drydock::test {

class Console {
 public:
  virtual ~Console() = default;

  virtual std::string name() const = 0;
  virtual std::string text() = 0;                // what is on it, a line per row
  virtual std::string selected() = 0;            // the part in reverse video
  virtual void press(std::string_view key) = 0;  // "down", "ret", "esc" (support/keyboard.h)
  virtual void type(std::string_view text) = 0;

  bool shows(std::string_view wanted) { return text().contains(wanted); }
  void wait_for(std::string_view wanted, std::chrono::seconds limit = kPatience);

  // Moves through a list with the arrow keys, to its end and then to its beginning, until `wanted`
  // is part of the selection: how a person finds an entry, wherever it stands. Throws
  // std::runtime_error if it does not come up.
  void select(std::string_view wanted);

  Vm& vm() { return vm_; }

 protected:
  explicit Console(Vm& vm) : vm_(vm) {}

 private:
  bool press_and_look(std::string_view key);

  Vm& vm_;
};

class SerialConsole : public Console {
 public:
  explicit SerialConsole(Vm& vm) : Console(vm) {}
  std::string name() const override { return "serial"; }
  std::string text() override { return vm().serial().text(); }
  std::string selected() override { return vm().serial().reversed(); }
  void press(std::string_view key) override { vm().serial_press(key); }
  void type(std::string_view text) override { vm().serial_type(text); }
};

// Only where the adapter is in text mode: BIOS.
class VgaConsole : public Console {
 public:
  explicit VgaConsole(Vm& vm) : Console(vm) {}
  std::string name() const override { return "VGA"; }
  std::string text() override { return vm().vga(); }
  std::string selected() override { return vm().vga_selected(); }
  void press(std::string_view key) override { vm().vga_press(key); }
  void type(std::string_view text) override { vm().vga_type(text); }
};

}  // namespace drydock::test
