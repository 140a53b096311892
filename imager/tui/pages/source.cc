#include <algorithm>
#include <format>

#include "tui/choices.h"
#include "tui/drive_rows.h"
#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/drive_list.h"
#include "tui/pages/pages.h"

namespace drydock::tui {
namespace {

std::string title(const Model& model) {
  return std::format("{}: which disk?", verb_word(model.verb));
}

// On to the disk that it is copied to; nothing is marked for overwriting.
Effects choose_for_clone(Model& model, const job::ListedDisk& drive) {
  Flow& flow = model.flow();
  flow.source = drive.disk.path;
  flow.source_end = 0;
  for (const Partition& partition : drive.layout.partitions)
    flow.source_end = std::max(flow.source_end, partition.extent.end());
  flow.drive.row = -1;
  go(model, PageId::target);
  return {};
}

Effects choose(Model& model, const job::ListedDisk& drive) {
  if (model.verb == Verb::clone) return choose_for_clone(model, drive);
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
  return drive_list(model, look,
                    model.verb == Verb::clone
                        ? "The disk is only read. Everything in use on it is copied."
                        : "The disk is only read. Everything in use on it is kept.",
                    source_refusal);
}

std::vector<Hint> hints(const Model& model) {
  return {{"Enter", model.verb == Verb::clone ? "Copy this disk" : "Save this disk"},
          {"Up/Down", "Move"}};
}

}  // namespace

const Page kSourcePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
