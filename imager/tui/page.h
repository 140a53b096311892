#pragma once

#include <string>
#include <vector>

#include <ftxui/dom/elements.hpp>
#include "tui/effect.h"
#include "tui/key.h"
#include "tui/look.h"
#include "tui/model.h"

namespace drydock::tui {

// A key and what it does here: "Enter", "Choose".
struct Hint {
  std::string key;
  std::string what;
};

// What a page is: four functions of the model. One file in pages/ each.
struct Page {
  std::string (*title)(const Model& model);
  // Esc, the function keys and what concerns every page have been dealt with before.
  Effects (*press)(Model& model, const Key& key);
  // Fills look.columns × look.rows.
  ftxui::Element (*view)(const Model& model, const Look& look);
  std::vector<Hint> (*hints)(const Model& model);
  // True while letters are typed into a field here, and so are no commands.
  bool (*typing)(const Model& model);
};

const Page& page_of(PageId id);

}  // namespace drydock::tui
