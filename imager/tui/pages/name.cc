#include <format>

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

enum Field { kName, kNote, kVerify, kFolder, kFields };

std::string title(const Model&) {
  return "Save: name of the image";
}

// Why no file can have that name; empty: one can.
std::string name_problem(const std::string& name) {
  if (name.empty()) return "The image needs a name";
  if (name.contains('/')) return "A name cannot contain a slash";
  if (name == "." || name == "..") return "This name means a folder";
  return {};
}

// What an earlier save to that name left in this folder; null: nothing.
const job::FolderEntry* left_of(const Flow& flow) {
  return flow.entries ? unfinished(flow.name.text(), *flow.entries) : nullptr;
}

// Says what that is and what Enter does about it.
Elements left_lines(const Flow& flow, const Look& look) {
  const job::FolderEntry* left = left_of(flow);
  if (left == nullptr) return {};
  std::string of = left->source.empty() ? std::string() : " of " + printable(left->source);
  if (!left->created.empty()) of += ", begun " + printable(left->created).substr(0, 10);
  return lines(
      std::format("{} is a save{} that did not finish. Enter goes on with it; with another "
                  "name it stays as it is.",
                  printable(left->name), of),
      look.columns);
}

Effects plan(Model& model) {
  Flow& flow = model.flow();
  const std::string wrong = name_problem(flow.name.text());
  if (!wrong.empty()) {
    flow.problem = Error{Code::bad_input, 0, "", wrong, "Type another one"};
    return {};
  }
  const std::string folder = folder_text(flow.folder);
  const unsigned ticket = wait_for(model, "Reading what is in use on " + flow.source);
  return {PlanSave{ticket, flow.source, *flow.destination, answers_of(flow),
                   folder.empty() ? flow.name.text() : folder + "/" + flow.name.text(),
                   flow.note.text(), flow.verify, left_of(flow) != nullptr}};
}

void move_field(Flow& flow, int by) {
  flow.field = (flow.field + by + kFields) % kFields;
}

Effects press_folder(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (key.code == KeyCode::enter) return enter_folder(model);
  if (key.code == KeyCode::backspace || key.code == KeyCode::left) return leave_folder(model);
  if (key.code == KeyCode::up && flow.entry.row <= 0) {
    move_field(flow, -1);
    return {};
  }
  flow.entry.move(key, static_cast<int>(folder_rows(flow, 0, false).size()));
  return {};
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (key.code == KeyCode::tab || key.code == KeyCode::back_tab) {
    move_field(flow, key.code == KeyCode::tab ? 1 : -1);
    return {};
  }
  if (flow.field == kFolder) return press_folder(model, key);
  if (key.code == KeyCode::enter) return plan(model);
  if (key.code == KeyCode::down || (key.code == KeyCode::up && flow.field != kName)) {
    move_field(flow, key.code == KeyCode::down ? 1 : -1);
    return {};
  }
  flow.problem.reset();
  if (flow.field == kName) flow.name.edit(key);
  if (flow.field == kNote) flow.note.edit(key);
  if (flow.field == kVerify && (key == character(" ") || key.letter('x')))
    flow.verify = !flow.verify;
  return {};
}

Element verify_line(const Flow& flow) {
  const bool active = flow.field == kVerify;
  Element label = line(left("Verify", kLabelWidth));
  Element value = text(flow.verify ? "[x] read the image back afterwards and compare every byte"
                                   : "[ ] do not read the image back afterwards");
  return hbox({active ? label | bold : label, text(active ? "> " : "  "),
               active ? value | inverted : value});
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const std::string place = flow.destination ? destination_words(*flow.destination) : "";
  Elements out{field_line("Name", flow.name, flow.field == kName, look),
               field_line("Note", flow.note, flow.field == kNote, look), verify_line(flow),
               text("")};
  append(out, labelled("Drive", "  " + place, look));
  append(out, left_lines(flow, look));
  const auto rows = folder_rows(flow, look.columns - 4, false);
  const bool active = flow.field == kFolder;
  Element list = rows.empty() ? text("  nothing yet") | flex
                              : choice_list(rows, active ? flow.entry.row : -1, look.columns - 2);
  out.push_back(box("Folder /" + printable(folder_text(flow.folder)), std::move(list)) | flex);
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model& model) {
  if (model.flow().field == kFolder) return {{"Enter", "Open folder"}, {"Tab", "Back to the name"}};
  if (model.flow().field == kVerify)
    return {{"Enter", "Go on"}, {"Space", "Change"}, {"Tab", "Next field"}};
  return {{"Enter", "Go on"}, {"Tab", "Next field"}};
}

bool typing(const Model& model) {
  return model.flow().field == kName || model.flow().field == kNote;
}

}  // namespace

const Page kNamePage{title, press, view, hints, typing};

}  // namespace drydock::tui
