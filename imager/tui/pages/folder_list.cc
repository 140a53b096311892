#include "tui/pages/folder_list.h"

#include "base/text.h"
#include "base/units.h"
#include "tui/choices.h"
#include "tui/navigation.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

Effects read(Model& model, std::vector<std::string> folder) {
  Flow& flow = model.flow();
  flow.wanted = std::move(folder);
  const unsigned ticket = wait_for(model, "Reading the folder");
  return {OpenFolder{ticket, *flow.destination, answers_of(flow), folder_text(flow.wanted)}};
}

std::string facts(const job::FolderEntry& entry) {
  if (entry.name == "..") return "one folder up";
  if (entry.folder) return "folder";
  std::string text = human_bytes(entry.bytes);
  // "2026-11-25T08:15:00Z": the date is enough here.
  if (!entry.created.empty()) text += "  " + printable(entry.created).substr(0, 10);
  if (!entry.source.empty()) text += "  " + printable(entry.source);
  return text;
}

}  // namespace

std::vector<Row> folder_rows(const Flow& flow, int width, bool refuse) {
  std::vector<Row> rows;
  const int names = std::max(24, width / 2 - 2);
  for (const job::FolderEntry& entry : listed_entries(flow)) {
    const std::string name = printable(entry.name) + (entry.folder ? "/" : "");
    rows.push_back(
        {{left(name, names) + "  " + facts(entry)}, refuse ? entry_refusal(entry) : std::string()});
  }
  return rows;
}

Effects enter_folder(Model& model) {
  Flow& flow = model.flow();
  const auto entries = listed_entries(flow);
  const auto row = static_cast<std::size_t>(flow.entry.row);
  if (row >= entries.size() || !entries[row].folder) return {};
  if (entries[row].name == "..") return leave_folder(model);
  std::vector<std::string> below = flow.folder;
  below.push_back(entries[row].name);
  return read(model, std::move(below));
}

Effects leave_folder(Model& model) {
  const Flow& flow = model.flow();
  if (flow.folder.empty()) return {};
  return read(model, {flow.folder.begin(), flow.folder.end() - 1});
}

}  // namespace drydock::tui
