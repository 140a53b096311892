#include "support/console.h"

#include <stdexcept>

namespace drydock::test {

using std::chrono::milliseconds;

void Console::wait_for(std::string_view wanted, std::chrono::seconds limit) {
  vm_.wait_until(
      "“" + std::string(wanted) + "” on the " + name() + " console", [&] { return shows(wanted); },
      limit);
}

// False where the key changed nothing. An emulated machine may take its time to draw.
bool Console::press_and_look(std::string_view key) {
  constexpr int kLooks = 20;
  const std::string before = selected();
  press(key);
  for (int look = 0; look < kLooks; ++look) {
    if (selected() != before) return true;
    vm_.run_for(milliseconds(100));
  }
  return false;
}

void Console::select(std::string_view wanted) {
  constexpr int kLongest = 100;
  for (const std::string_view key : {"down", "up"}) {
    for (int i = 0; i < kLongest; ++i) {
      if (selected().contains(wanted)) return;
      if (!press_and_look(key)) break;
    }
  }
  throw std::runtime_error("“" + std::string(wanted) + "” cannot be selected on the " + name() +
                           " console; selected is: " + selected() + "\n" + text());
}

}  // namespace drydock::test
