#include "tui/pages/drive_list.h"

#include "tui/drive_rows.h"
#include "tui/pages/parts.h"

namespace drydock::tui {

using namespace ftxui;

Effects press_drive_list(Model& model, const Key& key, const Refusal& refusal,
                         const std::function<Effects(Model&, const job::ListedDisk&)>& choose) {
  Flow& flow = model.flow();
  const int count = model.drives.listed ? static_cast<int>(model.drives.listed->size()) : 0;
  if (flow.drive.move(key, count)) {
    flow.problem.reset();
    return {};
  }
  if (key.code != KeyCode::enter || count == 0) return {};
  if (flow.drive.row < 0) {
    flow.problem = Error{Code::bad_input, 0, "", "No disk is marked yet",
                         "Move to one with the arrow keys; none is chosen for you"};
    return {};
  }
  const job::ListedDisk drive = (*model.drives.listed)[static_cast<std::size_t>(flow.drive.row)];
  const std::string reason = refusal(drive);
  if (!reason.empty()) {
    flow.problem = Error{Code::bad_input, 0, drive.disk.path, "cannot be chosen: " + reason, ""};
    return {};
  }
  return choose(model, drive);
}

Element drive_list(const Model& model, const Look& look, std::string_view intro,
                   const Refusal& refusal) {
  Elements out = lines(intro, look.columns);
  out.push_back(text(""));
  if (!model.drives.listed) {
    out.push_back(text("Looking for drives ..."));
  } else if (model.drives.listed->empty()) {
    out.push_back(text("No drive was found. Attach one and it appears here."));
  } else {
    std::vector<Row> rows;
    for (const job::ListedDisk& drive : *model.drives.listed)
      rows.push_back({drive_lines(drive, look.columns - 2), refusal(drive)});
    out.push_back(choice_list(rows, model.flow().drive.row, look.columns));
  }
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

}  // namespace drydock::tui
