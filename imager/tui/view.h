#pragma once

#include <ftxui/screen/screen.hpp>
#include "tui/model.h"
#include "tui/terminal/profile.h"

namespace drydock::tui {

// The whole screen: title, page, what is writable now, keys. Pure. Drawn for `profile`, so that
// every sign in it is one the terminal has.
ftxui::Screen view(const Model& model, int columns, int rows, const Profile& profile);

}  // namespace drydock::tui
