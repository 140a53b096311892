#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/choices.h"
#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  return std::string(verb_word(model.verb)) +
         (writes(model.verb) ? ": where to?" : ": where is the image?");
}

std::string_view intro(Verb verb) {
  switch (verb) {
    case Verb::save:
      return "The image becomes a file on a volume of another drive. The volume becomes writable "
             "once you have confirmed the name of the image.";
    case Verb::rescue:
      return "What is rescued becomes a file as large as the drive, on a volume of another drive, "
             "with a map beside it that tells how far the rescue is. The volume becomes writable "
             "once you have confirmed the file's name.";
    case Verb::keep_report:
      return "The report becomes a file with its graphs inside (HTML, for any browser) on a "
             "volume, which is writable for as long as that takes.";
    case Verb::keep_log:
      return "The log becomes a file on a volume, which is writable for as long as that takes.";
    default:
      return "The volume is opened for reading only.";
  }
}

Effects open(Model& model, const job::Destination& place) {
  Flow& flow = model.flow();
  const bool same = flow.destination && flow.destination->device == place.device;
  if (!same) flow.folder.clear();
  flow.destination = place;
  flow.wanted = flow.folder;
  return open_wanted(model);
}

Effects to_server(Model& model) {
  go(model, PageId::server);
  return {AskNetwork{}};
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  const int count = flow.destinations ? static_cast<int>(flow.destinations->size()) : 0;
  if (flow.place.move(key, count + 1)) {
    flow.problem.reset();
    return {};
  }
  if (key.letter('n')) return to_server(model);
  if (key.code != KeyCode::enter || flow.place.row < 0 || flow.place.row > count) return {};
  if (flow.place.row == count) return to_server(model);
  const job::Destination place = (*flow.destinations)[static_cast<std::size_t>(flow.place.row)];
  const std::string reason = place_refusal(model, place);
  if (reason.empty()) return open(model, place);
  flow.problem = Error{Code::bad_input, 0, place.device, "cannot be chosen: " + reason, ""};
  return {};
}

Row row_of(const Model& model, const job::Destination& place, int width) {
  const std::string free = place.free == 0 ? "" : std::format(", {} free", human_bytes(place.free));
  const std::string size = human_bytes(place.bytes) + free;
  const int names = width - 15 - 11 - 28;
  return {{left(place.device, 14) + " " + left(place.filesystem, 10) + " " +
               left(printable(place.label), names) + " " + right(size, 27),
           "  on " + printable(place.disk_name)},
          place_refusal(model, place)};
}

// A rescue writes here and there, which SSH is not made for.
std::string_view networks(Verb verb) {
  return verb == Verb::rescue ? "  SMB, NFS" : "  SMB, NFS, SSH";
}

Element list(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  if (!flow.destinations) return filler();
  std::vector<Row> rows;
  for (const job::Destination& place : *flow.destinations)
    rows.push_back(row_of(model, place, look.columns - 2));
  rows.push_back({{"A share or server on the network", std::string(networks(model.verb))}, {}});
  return choice_list(rows, flow.place.row, look.columns);
}

Element view(const Model& model, const Look& look) {
  Elements out = lines(intro(model.verb), look.columns);
  out.push_back(text(""));
  if (model.flow().destinations && model.flow().destinations->empty()) {
    append(out, lines("No volume was found. Attach a drive that has a filesystem, then press Esc "
                      "and come here again.",
                      look.columns));
    out.push_back(text(""));
  }
  out.push_back(list(model, look));
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Enter", "Open"}, {"Up/Down", "Move"}, {"N", "Network"}};
}

}  // namespace

const Page kDestinationPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
