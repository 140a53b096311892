#include "tui/pages/parts.h"

#include <format>

#include "base/units.h"
#include "tui/words.h"

namespace drydock::tui {

using namespace ftxui;

namespace {

constexpr std::chrono::seconds kLong{15};

Elements waiting_lines(const Waiting& waiting, std::chrono::seconds now, const Look& look) {
  const auto since = now - waiting.since;
  Elements out =
      lines(std::format("{} ... ({})", waiting.what, human_duration(since)), look.columns);
  if (since >= kLong)
    append(out, warning("This takes unusually long: a drive may not be answering. Esc stops "
                        "waiting.",
                        look, look.columns));
  return out;
}

}  // namespace

Elements state_lines(const Model& model, const Look& look) {
  Elements out;
  if (model.waiting) {
    out = waiting_lines(*model.waiting, model.now, look);
  } else if (model.flow().problem) {
    out = danger(model.flow().problem->sentence(), look, look.columns);
  }
  if (!out.empty()) out.insert(out.begin(), text(""));
  return out;
}

std::string remaining_words(const job::Progress& progress) {
  if (progress.remaining.count() < 0) return "not known yet";
  return human_duration(progress.remaining);
}

Element field_line(std::string_view label, const TextField& field, bool active, const Look& look) {
  const int room = look.columns - kLabelWidth - 2;
  Element name = line(left(label, kLabelWidth));
  if (!active) return hbox({name, text("  "), line(cut(field.text(), room))});
  auto parts = field.parts();
  // The end of a long text stays in view.
  parts.before = cut_front(parts.before, room - 1);
  return hbox(
      {name | bold, text("> "),
       hbox({line(parts.before), line(parts.at) | inverted, line(parts.after)}) | underlined});
}

}  // namespace drydock::tui
