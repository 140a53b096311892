#include "sys/keyboard.h"

#include "base/text.h"
#include "sys/program.h"

namespace drydock::sys {

std::vector<KeyboardLayout> keyboard_layouts(const SysTree& tree) {
  std::vector<KeyboardLayout> layouts;
  const std::string names = tree.text("/usr/share/keymaps/names");  // a line each: "de German"
  for (const std::string_view line : split(names, '\n')) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    layouts.push_back({std::string(line.substr(0, space)), std::string(line.substr(space + 1))});
  }
  return layouts;
}

Result<void> choose_keyboard(const std::string& name) {
  const ProgramEnd end = TRY(run_program({"keymap", name}));
  if (end.status == 0) return {};
  return fail(
      environment_error(name, "the keyboard layout was not changed: " + printable(end.errors)));
}

}  // namespace drydock::sys
