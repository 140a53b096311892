#pragma once

#include "tui/page.h"

namespace drydock::tui {

// What a page shows below its content: what is being waited for, or why the last step failed.
// Nothing when there is nothing to say.
ftxui::Elements state_lines(const Model& model, const Look& look);

// "3 min 20 s", or that it is not known yet.
std::string remaining_words(const job::Progress& progress);

// A field of a form: its label, and its text with the cursor in it while it has the keys.
ftxui::Element field_line(std::string_view label, const TextField& field, bool active,
                          const Look& look);

}  // namespace drydock::tui
