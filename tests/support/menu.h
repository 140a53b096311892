// Drydock's menu, driven by keys on either console the way a person does it: read the screen, move
// to what is wanted, press Enter. Every step waits for what the screen should show next and throws
// as support/vm.h does if it does not come.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "support/console.h"

namespace drydock::test {

class Menu {
 public:
  // `console` must outlive the menu.
  explicit Menu(Console& console) : console_(console) {}

  // Told every step before it is made, in words: “choose ‘Save a disk’”.
  void on_step(std::function<void(std::string_view)> narrator) { narrator_ = std::move(narrator); }

  void wait_for_home(std::chrono::seconds limit = kPatience);

  // From the home page up to the question whether to save the disk with the serial number `disk` to
  // the volume `device`, under the name that the menu proposes. Nothing has been written yet.
  void prepare_save(std::string_view disk, std::string_view device);

  // Back to the home page, by Escape.
  void go_home();

  // From the home page: saves the disk with the serial number `disk` to the volume `device`, under
  // the name that the menu proposes, and waits for its success. Back at the home page in the end.
  void save(std::string_view disk, std::string_view device);

  // Restores the only image on the volume `device` to the disk with the serial number `disk`, which
  // is typed to confirm.
  void restore(std::string_view device, std::string_view disk);

  // Verifies the only image on `device`.
  void verify(std::string_view device);

  // Ends with the machine's power.
  void power_off();

  Console& console() { return console_; }

 private:
  void step(std::string_view what);
  void choose(std::string_view entry);  // select it and press Enter
  void reach(std::string_view title);
  void finish(std::string_view success, std::chrono::seconds limit);

  Console& console_;
  std::function<void(std::string_view)> narrator_;
};

}  // namespace drydock::test
