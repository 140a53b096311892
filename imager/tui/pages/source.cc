#include <algorithm>
#include <format>

#include "job/drive_name.h"
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

Effects choose_for_evaluate(Model& model, const job::ListedDisk& drive) {
  model.flow().source = drive.disk.path;
  go(model, PageId::depth);
  return {};
}

Effects choose_for_save(Model& model, const job::ListedDisk& drive) {
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

// The name is the drive's own, so that it is the same when the rescue is gone on with.
Effects choose_for_rescue(Model& model, const job::ListedDisk& drive) {
  Flow& flow = model.flow();
  flow.source = drive.disk.path;
  if (flow.named_for != flow.source)
    flow.name.set(job::drive_name(drive.disk.id, drive.disk.path) + ".img");
  flow.named_for = flow.source;
  go(model, PageId::destination);
  return {FindDestinations{wait_for(model, "Looking for volumes to rescue it to"), flow.source}};
}

Effects choose(Model& model, const job::ListedDisk& drive) {
  if (model.verb == Verb::clone) return choose_for_clone(model, drive);
  if (model.verb == Verb::evaluate) return choose_for_evaluate(model, drive);
  if (model.verb == Verb::rescue) return choose_for_rescue(model, drive);
  return choose_for_save(model, drive);
}

// What each verb does with the disk: above the list, and as a hint.
std::string_view intro(Verb verb) {
  if (verb == Verb::clone) return "The disk is only read. Everything in use on it is copied.";
  if (verb == Verb::evaluate)
    return "The drive is only read. You learn whether it can be trusted, and what to do if not.";
  if (verb == Verb::rescue)
    return "For a drive that makes errors or is about to die. It is only read, the parts that are "
           "easy to read first.";
  return "The disk is only read. Everything in use on it is kept.";
}

std::string_view action(Verb verb) {
  if (verb == Verb::clone) return "Copy this disk";
  if (verb == Verb::evaluate) return "Evaluate this drive";
  if (verb == Verb::rescue) return "Rescue this drive";
  return "Save this disk";
}

Effects press(Model& model, const Key& key) {
  return press_drive_list(model, key, source_refusal, choose);
}

ftxui::Element view(const Model& model, const Look& look) {
  return drive_list(model, look, intro(model.verb), source_refusal);
}

std::vector<Hint> hints(const Model& model) {
  return {{"Enter", std::string(action(model.verb))}, {"Up/Down", "Move"}};
}

}  // namespace

const Page kSourcePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
