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

enum Field { kName, kNote, kTick, kFolder, kFields };

std::string title(const Model& model) {
  return model.verb == Verb::rescue ? "Rescue: name of the copy" : "Save: name of the image";
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

Elements begun_lines(const Flow& flow, const Look& look) {
  if (!flow.entries || !rescue_begun(flow.name.text(), *flow.entries)) return {};
  return lines(
      std::format("{0}.map is the map of a rescue to {0} that was begun before. Enter goes "
                  "on where it was; with another name it stays as it is.",
                  printable(flow.name.text())),
      look.columns);
}

// Says what that is and what Enter does about it.
Elements left_lines(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  if (model.verb == Verb::rescue) return begun_lines(flow, look);
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
  const std::string file = folder.empty() ? flow.name.text() : folder + "/" + flow.name.text();
  if (model.verb == Verb::rescue) {
    const unsigned ticket = wait_for(model, "Opening " + flow.destination->device);
    return {PlanRescue{ticket, flow.source, *flow.destination, answers_of(flow), file,
                       flow.used_first}};
  }
  const unsigned ticket = wait_for(model, "Reading what is in use on " + flow.source);
  return {PlanSave{ticket, flow.source, *flow.destination, answers_of(flow), file, flow.note.text(),
                   flow.verify, left_of(flow) != nullptr}};
}

// A rescue has no manifest to put a note into.
void move_field(Model& model, int by) {
  Flow& flow = model.flow();
  flow.field = (flow.field + by + kFields) % kFields;
  if (flow.field == kNote && model.verb == Verb::rescue) flow.field += by;
}

bool& ticked(Model& model) {
  return model.verb == Verb::rescue ? model.flow().used_first : model.flow().verify;
}

Effects press_folder(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (key.code == KeyCode::enter) return enter_folder(model);
  if (key.code == KeyCode::backspace || key.code == KeyCode::left) return leave_folder(model);
  if (key.code == KeyCode::up && flow.entry.row <= 0) {
    move_field(model, -1);
    return {};
  }
  flow.entry.move(key, static_cast<int>(folder_rows(flow, 0, false).size()));
  return {};
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (key.code == KeyCode::tab || key.code == KeyCode::back_tab) {
    move_field(model, key.code == KeyCode::tab ? 1 : -1);
    return {};
  }
  if (flow.field == kFolder) return press_folder(model, key);
  if (key.code == KeyCode::enter) return plan(model);
  if (key.code == KeyCode::down || (key.code == KeyCode::up && flow.field != kName)) {
    move_field(model, key.code == KeyCode::down ? 1 : -1);
    return {};
  }
  flow.problem.reset();
  if (flow.field == kName) flow.name.edit(key);
  if (flow.field == kNote) flow.note.edit(key);
  if (flow.field == kTick && (key == character(" ") || key.letter('x')))
    ticked(model) = !ticked(model);
  return {};
}

std::string_view tick_words(const Model& model) {
  const Flow& flow = model.flow();
  if (model.verb == Verb::rescue)
    return flow.used_first ? "[x] first what the filesystems use, then all the rest"
                           : "[ ] all of the drive from its front to its end";
  return flow.verify ? "[x] read the image back afterwards and compare every byte"
                     : "[ ] do not read the image back afterwards";
}

Element tick_line(const Model& model) {
  const bool active = model.flow().field == kTick;
  Element label = line(left(model.verb == Verb::rescue ? "Order" : "Verify", kLabelWidth));
  Element value = line(tick_words(model));
  return hbox({active ? label | bold : label, text(active ? "> " : "  "),
               active ? value | inverted : value});
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const std::string place = flow.destination ? destination_words(*flow.destination) : "";
  Elements out{field_line("Name", flow.name, flow.field == kName, look)};
  if (model.verb != Verb::rescue)
    out.push_back(field_line("Note", flow.note, flow.field == kNote, look));
  append(out, {tick_line(model), text("")});
  append(out, labelled("Drive", "  " + place, look));
  append(out, left_lines(model, look));
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
  if (model.flow().field == kTick)
    return {{"Enter", "Go on"}, {"Space", "Change"}, {"Tab", "Next field"}};
  return {{"Enter", "Go on"}, {"Tab", "Next field"}};
}

bool typing(const Model& model) {
  return model.flow().field == kName || model.flow().field == kNote;
}

}  // namespace

const Page kNamePage{title, press, view, hints, typing};

}  // namespace drydock::tui
