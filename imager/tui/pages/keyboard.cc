#include <algorithm>

#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model&) {
  return "Which keyboard?";
}

// A letter goes to the next language that begins with it.
bool jump(Model& model, const Key& key) {
  const auto count = static_cast<int>(model.keyboards.size());
  for (int step = 1; step <= count; ++step) {
    const int row = (std::max(model.keyboard.row, 0) + step) % count;
    const char initial = model.keyboards[static_cast<std::size_t>(row)].language.front();
    if (!key.letter(static_cast<char>(initial - 'A' + 'a'))) continue;
    model.keyboard.row = row;
    return true;
  }
  return false;
}

Effects press(Model& model, const Key& key) {
  if (model.keyboard.move(key, static_cast<int>(model.keyboards.size())) || jump(model, key)) {
    model.flow().problem.reset();
    return {};
  }
  const auto row = static_cast<std::size_t>(model.keyboard.row);
  if (key.code != KeyCode::enter || row >= model.keyboards.size()) return {};
  return {ChooseKeyboard{wait_for(model, "Changing the keyboard"), model.keyboards[row].name}};
}

Element view(const Model& model, const Look& look) {
  Elements out = lines(
      "What is printed on the keys of this computer's keyboard. A terminal on the serial line or "
      "over SSH "
      "keeps its own.",
      look.columns);
  out.push_back(text(""));
  std::vector<Row> rows;
  for (const KeyboardLayout& layout : model.keyboards)
    rows.push_back({{left(layout.language, 24) + layout.name}, {}});
  out.push_back(choice_list(rows, model.keyboard.row, look.columns) | flex);
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Enter", "Use this one"}, {"Up/Down", "Move"}, {"A letter", "Go to it"}};
}

}  // namespace

const Page kKeyboardPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
