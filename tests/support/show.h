// A demonstration before a person's eyes: the steps as they are made with the time each took, and
// below them what the machine's screen shows. On a terminal the screen is redrawn in place;
// elsewhere (a log) it is printed at every step.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/vm.h"

namespace drydock::test {

class Show {
 public:
  Show();

  // Ends the step that is under way, with its time, and begins the next.
  void step(std::string_view what);
  // A smaller one within it.
  void detail(std::string_view what);
  // The last step is over.
  void end();

  // What the machine shows at this moment, at most a few times a second.
  void watch(Vm& vm);
  // The machine is off.
  void forget_screen();

 private:
  using Clock = std::chrono::steady_clock;

  void print(const std::string& line);
  void draw();
  void print_screen();
  void erase();

  bool terminal_;
  Clock::time_point begun_ = Clock::now(), step_begun_ = begun_, drawn_ = {}, printed_ = begun_;
  std::string step_;
  std::string screen_;       // what the machine shows, a line per row; empty: it is off
  int lines_on_screen_ = 0;  // of ours, to be erased
};

}  // namespace drydock::test
