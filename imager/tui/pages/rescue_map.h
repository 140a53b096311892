#pragma once

#include "tui/page.h"

namespace drydock::tui {

// The drive of a rescue from its front to its end as signs, in at most `rows` lines, and below them
// what the signs mean.
ftxui::Elements rescue_map(const job::Rescued& rescued, int rows, const Look& look);

// The map of a running rescue and its figures; Flow::run must have one.
ftxui::Elements rescue_figures(const Model& model, const Look& look);

}  // namespace drydock::tui
