#include "base/text.h"
#include "tui/choices.h"
#include "tui/navigation.h"
#include "tui/pages/folder_list.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  return model.verb == Verb::restore ? "Restore: which image?" : "Verify: which image?";
}

Effects choose(Model& model, const job::FolderEntry& entry) {
  Flow& flow = model.flow();
  const std::string folder = folder_text(flow.folder);
  flow.image = flow.mount + "/" + (folder.empty() ? "" : folder + "/") + entry.name;
  if (model.verb == Verb::restore)
    return {InspectImage{wait_for(model, "Reading what the image says about itself"), flow.image}};
  return start_job(model, RunVerify{flow.image});
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  const auto entries = listed_entries(flow);
  if (flow.entry.move(key, static_cast<int>(entries.size()))) {
    flow.problem.reset();
    return {};
  }
  if (key.code == KeyCode::backspace || key.code == KeyCode::left) return leave_folder(model);
  const auto row = static_cast<std::size_t>(flow.entry.row);
  if (key.code != KeyCode::enter || row >= entries.size()) return {};
  if (entries[row].folder) return enter_folder(model);
  const std::string reason = entry_refusal(entries[row]);
  if (reason.empty()) return choose(model, entries[row]);
  flow.problem =
      Error{Code::bad_input, 0, printable(entries[row].name), "cannot be chosen: " + reason, ""};
  return {};
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const std::string place = flow.destination ? destination_words(*flow.destination) : "";
  Elements out = labelled("Drive", place, look);
  append(out, labelled("Folder", "/" + printable(folder_text(flow.folder)), look));
  out.push_back(text(""));
  const auto rows = folder_rows(flow, look.columns - 2, true);
  if (rows.empty())
    out.push_back(text("There is nothing in this folder.") | flex);
  else
    out.push_back(choice_list(rows, flow.entry.row, look.columns));
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model& model) {
  return {{"Enter", model.verb == Verb::restore ? "Choose" : "Verify this image"},
          {"Up/Down", "Move"},
          {"Backspace", "One folder up"}};
}

}  // namespace

const Page kImagePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
