#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/keyboard.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// The layouts that this system brings along, by language. Empty outside of the live system.
std::vector<KeyboardLayout> keyboard_layouts(const SysTree& tree);

// Of all its consoles on screens, at once; a serial line's terminal has its own.
Result<void> choose_keyboard(const std::string& name);

}  // namespace drydock::sys
