#pragma once

#include <vector>

#include "tui/page.h"

namespace drydock::tui {

// The folder of a destination as the pages `name` and `image` show it.

// The entries as rows; with `refuse`, those that cannot be opened say why.
std::vector<Row> folder_rows(const Flow& flow, int width, bool refuse);

// Into the marked folder, or up from it. Nothing when a file is marked.
Effects enter_folder(Model& model);
// Up one folder; nothing at the root.
Effects leave_folder(Model& model);

}  // namespace drydock::tui
