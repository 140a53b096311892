#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/network_lines.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

enum Field { kAddress, kPassword, kFields };

std::string title(const Model& model) {
  return std::string(verb_word(model.verb)) + ": where on the network?";
}

Effects open(Model& model) {
  Flow& flow = model.flow();
  const auto place = job::network_destination(flow.server_url.text());
  if (!place) {
    flow.problem = place.error();
    return {};
  }
  if (!flow.destination || flow.destination->device != place->device) {
    flow.folder.clear();
    flow.accepted_key.clear();
  }
  flow.destination = *place;
  flow.wanted = flow.folder;
  return open_wanted(model);
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (key.function_key(5)) {
    model.address_form.field = 0;
    go(model, PageId::address);
    return {AskNetwork{}};
  }
  if (key.code == KeyCode::enter) return open(model);
  const bool forward = key.code == KeyCode::tab || key.code == KeyCode::down;
  if (forward || key.code == KeyCode::back_tab || key.code == KeyCode::up) {
    flow.server_field = (flow.server_field + 1) % kFields;
    return {};
  }
  TextField& field = flow.server_field == kAddress ? flow.server_url : flow.server_password;
  if (field.edit(key)) flow.problem.reset();
  return {};
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  Elements out{line("The address of a folder there, one of"),
               line("  smb://USER@HOST/SHARE/FOLDER   Windows or NAS; without USER@ as a guest"),
               line("  nfs://HOST/EXPORT/FOLDER"), line("  ssh://USER@HOST/FOLDER"), text("")};
  out.push_back(field_line("Address", flow.server_url, flow.server_field == kAddress, look));
  out.push_back(
      field_line("Password", flow.server_password.hidden(), flow.server_field == kPassword, look));
  out.push_back(text(""));
  out.push_back(box("This computer", vbox(network_lines(model, look.columns - 2))));
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Enter", "Open"}, {"Tab", "Next field"}, {"F5", "Address of this computer"}};
}

bool typing(const Model&) {
  return true;
}

}  // namespace

const Page kServerPage{title, press, view, hints, typing};

}  // namespace drydock::tui
