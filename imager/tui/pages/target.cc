#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/choices.h"
#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/drive_list.h"
#include "tui/pages/pages.h"

namespace drydock::tui {
namespace {

std::string title(const Model& model) {
  return std::format("{}: onto which disk?", verb_word(model.verb));
}

Refusal refusal_for(const Model& model) {
  return
      [&flow = model.flow()](const job::ListedDisk& drive) { return target_refusal(flow, drive); };
}

Effects choose(Model& model, const job::ListedDisk& drive) {
  Flow& flow = model.flow();
  flow.target = drive.disk.path;
  const unsigned ticket = wait_for(model, "Looking at what is on " + flow.target + " now");
  if (model.verb == Verb::clone) return {PlanClone{ticket, flow.source, flow.target, flow.verify}};
  return {PlanRestore{ticket, flow.image, flow.target, flow.verify}};
}

Effects press(Model& model, const Key& key) {
  if (key.letter('v')) {
    model.flow().verify = !model.flow().verify;
    return {};
  }
  return press_drive_list(model, key, refusal_for(model), choose);
}

// What will be on it.
std::string source_words(const Model& model) {
  const Flow& flow = model.flow();
  if (model.verb == Verb::clone) return "What is in use on " + flow.source;
  const std::string name = printable(flow.image.substr(flow.image.rfind('/') + 1));
  if (!flow.inspection || !flow.inspection->manifest) return name;
  const Manifest& manifest = *flow.inspection->manifest;
  std::string text = std::format("{}: {}, {}", name, printable(manifest.id.model),
                                 vendor_bytes(manifest.geometry.bytes));
  if (!manifest.created.empty()) text += ", saved " + printable(manifest.created).substr(0, 10);
  if (!manifest.note.empty()) text += ", \"" + printable(manifest.note) + "\"";
  return text;
}

ftxui::Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const std::string intro = std::format(
      "{}. All that is on the chosen disk now will be lost. Read it back afterwards (V): {}.",
      source_words(model), flow.verify ? "yes" : "no");
  return drive_list(model, look, intro, refusal_for(model));
}

std::vector<Hint> hints(const Model&) {
  return {{"Up/Down", "Move"}, {"Enter", "Choose"}, {"V", "Read back"}};
}

}  // namespace

const Page kTargetPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
