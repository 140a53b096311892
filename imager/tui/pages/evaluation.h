#pragma once

#include "job/evaluation.h"
#include "tui/look.h"

namespace drydock::tui {

// What an evaluation found: the verdict and its reasons first, then all the rest with its graphs.
ftxui::Elements evaluation_content(const job::Evaluation& evaluation, const Look& look);

}  // namespace drydock::tui
