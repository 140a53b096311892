#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tui/page.h"

namespace drydock::tui {

// The list of drives as the pages `source` and `target` share it.
using Refusal = std::function<std::string(const job::ListedDisk&)>;

// Enter on a drive that is not refused calls `choose`; on no drive or a refused one it says so.
Effects press_drive_list(Model& model, const Key& key, const Refusal& refusal,
                         const std::function<Effects(Model&, const job::ListedDisk&)>& choose);

// `intro` stands above the list.
ftxui::Element drive_list(const Model& model, const Look& look, std::string_view intro,
                          const Refusal& refusal);

}  // namespace drydock::tui
