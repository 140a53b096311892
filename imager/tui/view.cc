#include "tui/view.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "tui/job_words.h"
#include "tui/page.h"
#include "tui/terminal/painter.h"
#include "tui/words.h"

namespace drydock::tui {

using namespace ftxui;

namespace {

// Title, rule, status and keys.
constexpr int kFrameRows = 4;

Element title_bar(const Model& model, const Look& look) {
  const std::string where = model.live ? "" : "on this system ";
  const std::string title = " Drydock | " + page_of(model.page()).title(model);
  const int room = look.columns - width_of(where);
  Element bar = hbox({line(left(title, room)), line(where)});
  if (!look.colour) return bar | bold | inverted;
  return bar | bold | color(Color::White) | bgcolor(Color::Blue);
}

// Always there: which devices could be written now.
Element status_bar(const Model& model, const Look& look) {
  std::string names;
  for (const std::string& device : model.writable) names += (names.empty() ? "" : ", ") + device;
  const std::string status = " Writable now: " + (names.empty() ? "none" : names);
  Element bar = line(left(status, look.columns));
  if (names.empty()) return bar;
  bar |= bold;
  return look.colour ? bar | color(Color::YellowLight) : bar;
}

Element hint(const Hint& one) {
  return hbox({line(one.key) | bold, line(" " + one.what + "  ")});
}

// Which fit; those of the page first.
Element hint_bar(const Model& model, const Look& look) {
  std::vector<Hint> all = page_of(model.page()).hints(model);
  if (model.trail.size() > 1 && model.page() != PageId::progress) all.push_back({"Esc", "Back"});
  all.insert(all.end(), {{"F1", "Help"}, {"F3", "Command"}, {"F4", "Log"}});
  Elements shown{text(" ")};
  int used = 1;
  for (const Hint& one : all) {
    used += width_of(one.key) + 1 + width_of(one.what) + 2;
    if (used > look.columns + 2) break;
    shown.push_back(hint(one));
  }
  return hbox(std::move(shown));
}

Element dialog(std::string_view title, Elements content, int width) {
  return box(title, vbox(std::move(content))) | size(WIDTH, EQUAL, width) | clear_under | center;
}

Elements help_lines(const Model& model, int width) {
  std::vector<Hint> all = page_of(model.page()).hints(model);
  all.insert(all.end(), {{"Esc", "One step back; what was entered stays"},
                         {"F1 or ?", "This help"},
                         {"F3 or C", "The command line that does the same"},
                         {"F4", "The log"},
                         {"Ctrl-L", "Draw the screen anew, look for drives again"}});
  Elements out;
  constexpr int kKeys = 18;
  for (const Hint& one : all)
    out.push_back(hbox({line(left(one.key, kKeys)) | bold, line(cut(one.what, width - kKeys))}));
  out.push_back(text(""));
  append(out, lines("No drive is written to before you have confirmed it by typing its serial "
                    "number or size; the volume that an image is saved to is the one exception.",
                    width));
  out.push_back(text(""));
  out.push_back(text("Any key goes back."));
  return out;
}

Element overlay(const Model& model, const Look& look) {
  const int width = std::min(72, look.columns - 4);
  switch (model.overlay) {
    case Overlay::none:
      return nullptr;
    case Overlay::help:
      return dialog("Keys", help_lines(model, width - 2), width);
    case Overlay::command: {
      const int wide = look.columns - 4;
      Elements out = lines(printable(command_words(model)), wide - 2);
      append(out, {text(""), text("Any key goes back.")});
      return dialog("The command that does this", std::move(out), wide);
    }
    case Overlay::cancel: {
      Elements out = lines(cancel_words(model.verb), width - 2);
      append(out, {text(""), text("Y  Stop"), text("N  Go on")});
      return dialog(std::format("{}: stop it?", verb_word(model.verb)), std::move(out), width);
    }
  }
  return nullptr;
}

}  // namespace

Screen view(const Model& model, int columns, int rows, const Profile& profile) {
  const Look whole{columns, rows, profile.colour};
  // A margin of one cell on both sides.
  const Look inner{columns - 2, rows - kFrameRows, profile.colour};
  Element page = page_of(model.page()).view(model, inner) | size(WIDTH, EQUAL, inner.columns) |
                 size(HEIGHT, EQUAL, inner.rows);
  Element all = vbox({title_bar(model, whole), text(""), hbox({text(" "), page, text(" ")}),
                      status_bar(model, whole), hint_bar(model, whole)});
  if (Element top = overlay(model, whole)) all = dbox({all, top});
  Screen screen(columns, rows);
  Render(screen, all);
  reduce_glyphs(screen, profile);
  return screen;
}

}  // namespace drydock::tui
