#include <algorithm>

#include "base/text.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

constexpr int kClockWidth = 10;

std::string title(const Model&) {
  return "Log";
}

// From the first page's log only: what is being entered elsewhere is not to be left for it.
bool can_be_kept(const Model& model) {
  return model.trail.size() == 2 && !model.running;
}

Effects keep(Model& model) {
  model.verb = Verb::keep_log;
  go(model, PageId::destination);
  return {FindDestinations{wait_for(model, "Looking for volumes"), ""}};
}

Effects press(Model& model, const Key& key) {
  if (key.letter('s') && can_be_kept(model)) return keep(model);
  // Counted from the newest line upwards.
  constexpr int kPage = 10;
  int& up = model.log_scroll;
  switch (key.code) {
    case KeyCode::up:
      ++up;
      break;
    case KeyCode::down:
      --up;
      break;
    case KeyCode::page_up:
      up += kPage;
      break;
    case KeyCode::page_down:
      up -= kPage;
      break;
    case KeyCode::home:
      up = static_cast<int>(model.log.entries().size());
      break;
    case KeyCode::end:
      up = 0;
      break;
    default:
      break;
  }
  up = std::clamp(up, 0, static_cast<int>(model.log.entries().size()));
  return {};
}

Element view(const Model& model, const Look& look) {
  Elements all;
  for (const Log::Entry& entry : model.log.entries()) {
    std::string clock = entry.clock;
    for (const std::string& one : wrap(printable(entry.text), look.columns - kClockWidth)) {
      all.push_back(line(left(clock, kClockWidth) + one));
      clock.clear();
    }
  }
  if (all.empty()) return text("Nothing has happened yet.");
  const int hidden = std::max(0, static_cast<int>(all.size()) - look.rows);
  return scrolled(std::move(all), hidden - std::min(model.log_scroll, hidden));
}

std::vector<Hint> hints(const Model& model) {
  std::vector<Hint> all{{"Up/Down PgUp/PgDn", "Scroll"}};
  if (can_be_kept(model)) all.push_back({"S", "Save it"});
  return all;
}

}  // namespace

const Page kLogPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
