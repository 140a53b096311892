// The menu without a terminal and without threads: keys in, screens out, fakes behind it.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "tui/executor.h"
#include "tui/model.h"
#include "tui/terminal/profile.h"
#include "unit/tui/fake_jobs.h"

namespace drydock::tui {

inline constexpr Profile kConsole{true, true, true, false};      // TERM=linux, UTF-8
inline constexpr Profile kTeletype{false, false, false, false};  // vt100, C locale

class Menu {
 public:
  // As after the first list of drives has come.
  explicit Menu(FakeJobs& jobs);

  // Key names separated by spaces: "s enter down f3 esc tab backspace"; a single character is
  // typed.
  void press(std::string_view keys);
  void type(std::string_view text);
  void tick(int seconds = 1);
  void tell(const Event& event);

  // While held, what the menu wants done waits; settle() does it.
  void hold() { held_ = true; }
  void settle();

  std::string screen(int columns = 80, int rows = 25, const Profile& profile = kConsole) const;
  bool shows(std::string_view text) const;
  std::string title() const;  // the first row

  Model model;
  Stop stop;
  int quits = 0;
  int shells = 0;
  int presses = 0;  // of keys, so far

 private:
  void take(const Effects& effects);

  std::deque<Event> events_;
  std::deque<Effect> effects_;
  bool held_ = false;
  Executor executor_;
};

struct Fixture {
  FakeJobs jobs;
};

// The screen is that of tests/golden/tui/NAME.txt. To make the files anew after a change that is
// meant: run the unit tests with DRYDOCK_UPDATE_GOLDEN=1, and look at what git says has changed.
void check_golden(std::string_view name, const std::string& screen);

}  // namespace drydock::tui
