#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  return model.power_off ? "Power off this computer?" : "Restart this computer?";
}

Effects press(Model& model, const Key& key) {
  if (key.letter('n')) return back(model);
  if (key.code != KeyCode::enter && !key.letter('y')) return {};
  if (model.power_off) return {PowerOff{}};
  return {Reboot{}};
}

Element view(const Model& model, const Look& look) {
  Elements out = lines(
      "No job is running and nothing is open for writing. The log of this session "
      "will be gone.",
      look.columns);
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model& model) {
  return {{"Enter", model.power_off ? "Power off" : "Restart"}};
}

}  // namespace

const Page kPowerPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
