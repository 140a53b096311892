#include "tui/choices.h"
#include "tui/drive_rows.h"
#include "tui/navigation.h"
#include "tui/pages/drive_list.h"
#include "tui/pages/pages.h"

namespace drydock::tui {
namespace {

std::string title(const Model&) {
  return "Save: which disk?";
}

Effects choose(Model& model, const job::ListedDisk& drive) {
  Flow& flow = model.flow();
  flow.source = drive.disk.path;
  Effects effects;
  if (flow.named_for != flow.source) {
    flow.name_ticket = ++model.tickets;
    flow.named_for = flow.source;
    flow.verify = true;
    effects.push_back(ProposeName{flow.name_ticket, flow.source});
  }
  go(model, PageId::destination);
  effects.push_back(
      FindDestinations{wait_for(model, "Looking for volumes to save to"), flow.source});
  return effects;
}

Effects press(Model& model, const Key& key) {
  return press_drive_list(model, key, source_refusal, choose);
}

ftxui::Element view(const Model& model, const Look& look) {
  return drive_list(model, look, "The disk is only read. Everything in use on it is kept.",
                    source_refusal);
}

std::vector<Hint> hints(const Model&) {
  return {{"Enter", "Save this disk"}, {"Up/Down", "Move"}};
}

}  // namespace

const Page kSourcePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
