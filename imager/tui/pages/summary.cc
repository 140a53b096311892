#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  return std::format("{}: is this right?", verb_word(model.verb));
}

bool overwrites(const Model& model) {
  const Flow& flow = model.flow();
  return flow.summary && flow.summary->overwrites;
}

// The only way to a disk that will be overwritten: what was typed is the proof.
Effects confirm(Model& model) {
  Flow& flow = model.flow();
  const std::string answer = flow.answer.text();
  auto consent = Consent::typed(*flow.summary->overwrites, answer);
  if (consent && model.verb == Verb::clone) return start_job(model, RunClone{*consent});
  if (consent) return start_job(model, RunRestore{*consent});
  flow.problem =
      Error{Code::bad_input, 0, "",
            answer.empty() ? "Nothing was typed, so nothing is overwritten"
                           : "That is neither the serial number nor the size of the disk",
            "Type one of them as it is shown above, or press Esc to go back"};
  return {};
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (!flow.summary) return {};
  if (key.code == KeyCode::up || key.code == KeyCode::down) {
    flow.scroll = std::max(0, flow.scroll + (key.code == KeyCode::down ? 1 : -1));
    return {};
  }
  if (overwrites(model)) {
    if (key.code == KeyCode::enter) return confirm(model);
    flow.problem.reset();
    flow.answer.edit(key);
    return {};
  }
  if (key.code != KeyCode::enter) return {};
  if (model.verb == Verb::rescue) return start_job(model, RunRescue{});
  return start_job(model, RunSave{});
}

void list(Elements& out, std::string_view label, const std::vector<std::string>& texts,
          const Look& look) {
  for (const std::string& one : texts) {
    append(out, labelled(label, printable(one), look));
    label = "";
  }
}

void space(Elements& out, const job::Summary& summary, const Look& look) {
  const std::string needed = human_bytes(summary.space_needed);
  const std::string free = human_bytes(summary.space_free);
  if (summary.verb == "save")
    append(out, labelled("Space",
                         summary.space_free == 0
                             ? "about " + needed
                             : std::format("about {} of the {} that are free", needed, free),
                         look));
  if (summary.verb == "rescue")
    append(out, labelled("Space", std::format("at most {}; {} are free", needed, free), look));
  append(out, labelled("Memory",
                       std::format("{}, {}", human_bytes(summary.memory),
                                   counted(summary.threads, "thread")),
                       look));
}

// What will be lost: in red, and in words.
Elements losses(const job::Summary& summary, const Look& look) {
  Elements out = danger("WILL BE OVERWRITTEN, everything on it will be lost:", look, look.columns);
  append(out, danger("  " + target_words(*summary.overwrites), look, look.columns));
  if (summary.overwritten.empty()) out.push_back(text("  Nothing was recognised on it."));
  for (const std::string& one : summary.overwritten)
    append(out, lines("  On it now: " + printable(one), look.columns));
  out.push_back(text(""));
  return out;
}

// What a rescue is like, for someone who has never made one.
Elements rescue_words(const Flow& flow, const Look& look) {
  Elements out =
      lines(std::format("{} is only read. {} Places that fail are left for later and then tried in "
                        "smaller and smaller pieces, which can take hours or days.",
                        flow.source,
                        flow.used_first ? "What its filesystems use comes first, then all the rest."
                                        : "It is read from its front to its end."),
            look.columns);
  out.push_back(text(""));
  append(out,
         lines("You can stop it at any time and lose nothing: choose the same drive, place and "
               "name again, and it goes on where it was, even after a power cut.",
               look.columns));
  out.push_back(text(""));
  return out;
}

Elements content(const Model& model, const Look& look) {
  const job::Summary& summary = *model.flow().summary;
  Elements out;
  if (model.verb == Verb::rescue) out = rescue_words(model.flow(), look);
  if (summary.overwrites) append(out, losses(summary, look));
  for (const std::string& one : summary.warnings)
    append(out, warning(printable(one), look, look.columns));
  list(out, summary.verb == "restore" ? "Image" : "Reads", summary.reads, look);
  list(out, "Keeps", summary.volumes, look);
  list(out, summary.overwrites ? "Then" : "Writes", summary.writes, look);
  append(out, labelled(model.verb == Verb::rescue ? "To be read" : "Data",
                       std::format("{} of {}", human_bytes(summary.kept_bytes),
                                   human_bytes(summary.source_bytes)),
                       look));
  space(out, summary, look);
  return out;
}

// How to name the disk: by its serial number if it has one, by its size in any case.
std::string instruction(const Target& target) {
  const std::string size = vendor_bytes(target.bytes);
  if (target.id.serial.empty())
    return std::format("To overwrite it, type its size, {}, and press Enter.", size);
  return std::format(
      "To overwrite it, type its serial number, {}, or its size, {}, and press Enter.",
      printable(target.id.serial), size);
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  if (!flow.summary) return filler();
  Elements below;
  if (overwrites(model)) {
    below.push_back(text(""));
    append(below, lines(instruction(*flow.summary->overwrites), look.columns));
    below.push_back(field_line("Disk", flow.answer, true, look));
  }
  append(below, state_lines(model, look));
  Elements above = content(model, look);
  const int room = look.rows - static_cast<int>(below.size());
  const int hidden = std::max(0, static_cast<int>(above.size()) - room);
  Elements all{scrolled(std::move(above), std::min(flow.scroll, hidden))};
  append(all, std::move(below));
  return vbox(std::move(all));
}

std::vector<Hint> hints(const Model& model) {
  if (overwrites(model)) return {{"Enter", "Overwrite, once it is typed"}, {"Up/Down", "Scroll"}};
  return {{"Enter", "Start"}, {"Up/Down", "Scroll"}};
}

}  // namespace

const Page kSummaryPage{title, press, view, hints, overwrites};

}  // namespace drydock::tui
