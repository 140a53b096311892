#include "tui/update.h"

#include "tui/navigation.h"
#include "tui/page.h"
#include "tui/replies.h"

namespace drydock::tui {
namespace {

Effects press_cancel(Model& model, const Key& key) {
  const bool yes = key.letter('y');
  if (!yes && !key.letter('n') && key.code != KeyCode::escape) return {};
  model.overlay = Overlay::none;
  if (!yes || !model.running) return {};
  model.flow().run.stopping = true;
  return {StopJob{}};
}

// Any key takes help away.
Effects press_overlay(Model& model, const Key& key) {
  if (model.overlay == Overlay::cancel) return press_cancel(model, key);
  model.overlay = Overlay::none;
  return {};
}

// Esc, and Ctrl-C for those whose fingers know that better.
Effects press_escape(Model& model) {
  if (model.page() != PageId::progress) return back(model);
  if (model.running && !model.flow().run.stopping) model.overlay = Overlay::cancel;
  return {};
}

void show_log(Model& model) {
  if (model.page() == PageId::log) return;
  model.log_scroll = 0;
  model.trail.push_back(PageId::log);
}

// Keys that mean the same everywhere. Nothing: the page is to have it.
std::optional<Effects> press_common(Model& model, const Key& key) {
  const bool commands = !page_of(model.page()).typing(model);
  if (key.function_key(1) || (commands && key == character("?"))) {
    model.overlay = Overlay::help;
    return Effects{};
  }
  if (key.function_key(3) || (commands && key.letter('c'))) {
    model.overlay = Overlay::command;
    return Effects{};
  }
  if (key.function_key(4)) {
    show_log(model);
    return Effects{};
  }
  if (key.control('l')) return Effects{Redraw{}, ListDrives{}};
  if (key.code == KeyCode::escape || key.control('c')) return press_escape(model);
  return std::nullopt;
}

Effects press(Model& model, const Key& key) {
  if (model.overlay != Overlay::none) return press_overlay(model, key);
  if (auto effects = press_common(model, key)) return *effects;
  // An impatient second Enter must not choose something on the page to come.
  if (model.waiting) return {};
  return page_of(model.page()).press(model, key);
}

constexpr std::chrono::seconds kPollEvery{2};

Effects tick(Model& model) {
  const bool idle = !model.running && !model.polling && !model.waiting && !model.drives.asked;
  if (!idle || model.now.count() % kPollEvery.count() != 0) return {};
  model.polling = true;
  const bool network = model.step() == PageId::server || model.step() == PageId::address;
  return network ? Effects{PollDrives{}, AskNetwork{}} : Effects{PollDrives{}};
}

}  // namespace

Effects begin(Model& model) {
  model.drives.asked = true;
  return {PollDrives{}, ListDrives{}};
}

Effects update(Model& model, const Event& event) {
  return std::visit(
      [&model](const auto& one) -> Effects {
        using T = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<T, Key>)
          return press(model, one);
        else if constexpr (std::is_same_v<T, Tick>)
          return tick(model);
        else
          return reply(model, one);
      },
      event);
}

}  // namespace drydock::tui
