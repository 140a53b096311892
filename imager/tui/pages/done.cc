#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/job_words.h"
#include "tui/navigation.h"
#include "tui/pages/evaluation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/pages/rescue_map.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  const Flow& flow = model.flow();
  if (!flow.ending) return std::string(verb_word(model.verb));
  return std::format("{}: {}", verb_word(model.verb), ending_title(model.verb, *flow.ending));
}

Effects keep_report(Model& model) {
  model.verb = Verb::keep_report;
  go(model, PageId::destination);
  return {FindDestinations{wait_for(model, "Looking for volumes"), evaluation_of(model)->path}};
}

Effects press(Model& model, const Key& key) {
  Cursor cursor{model.flow().scroll};
  constexpr int kLongest = 1000;
  if (cursor.move(key, kLongest)) {
    model.flow().scroll = cursor.row;
    return {};
  }
  if (key.code == KeyCode::enter) return leave_flow(model);
  if (key.letter('s') && evaluation_of(model)) return keep_report(model);
  return {};
}

Elements failure(const Error& error, Verb verb, const Look& look) {
  Elements out;
  if (error.code == Code::cancelled) {
    append(out, warning("It was stopped before its end.", look, look.columns));
    append(out, lines(cancel_words(verb), look.columns));
    out.push_back(text(""));
    append(out, lines(printable(error.sentence()), look.columns));
    return out;
  }
  append(out, danger(printable(error.sentence()), look, look.columns));
  if (verb == Verb::rescue) {
    out.push_back(text(""));
    append(out, lines(cancel_words(verb), look.columns));
  }
  if (verb == Verb::restore || verb == Verb::clone) {
    out.push_back(text(""));
    append(out, warning(cancel_words(verb), look, look.columns));
  }
  return out;
}

void damages(Elements& out, const std::vector<job::Damage>& damage, const Look& look) {
  for (const job::Damage& one : damage) {
    std::string text =
        std::format("Damaged: {} from byte {} of the image on: {}", human_bytes(one.image.length),
                    one.image.offset, printable(one.what));
    if (!one.volume.empty()) text += ", in volume " + printable(one.volume);
    if (one.disk.length != 0)
      text += std::format("; {} of the disk are lost by it", human_bytes(one.disk.length));
    append(out, danger(text, look, look.columns));
  }
}

// A rescue: the drive as it is in the copy, and what can be done about what is missing.
Elements rescue_end(const Flow& flow, const job::Report& report, const Look& look) {
  constexpr int kRows = 3;
  Elements out;
  if (report.unreadable.empty())
    append(out, lines("All of the drive was read: the copy is complete.", look.columns));
  else
    append(out, warning("Some of the drive could not be read. All else is in the copy; what is "
                        "missing is zeros there.",
                        look, look.columns));
  out.push_back(text(""));
  if (flow.run.rescued) append(out, rescue_map(*flow.run.rescued, kRows, look));
  out.push_back(text(""));
  for (const std::string& one : report.lines) append(out, lines(printable(one), look.columns));
  out.push_back(text(""));
  if (!report.unreadable.empty())
    append(out, labelled("Try again",
                         "The command below with --passes 3 tries the missing places "
                         "three times more.",
                         look));
  return out;
}

Elements success(const Ending& ending, const Look& look) {
  Elements out;
  const job::Report& report = ending.report;
  damages(out, ending.damage, look);
  if (!report.unreadable.empty())
    append(out, warning(std::format("{} in {} could not be read.",
                                    human_bytes(report.unreadable.bytes()),
                                    counted(report.unreadable.extents().size(), "area")),
                        look, look.columns));
  for (const std::string& one : report.lines) append(out, lines(printable(one), look.columns));
  out.push_back(text(""));
  append(out, labelled("Data",
                       std::format("{} of {}", human_bytes(report.kept_bytes),
                                   human_bytes(report.source_bytes)),
                       look));
  if (report.image_bytes != 0)
    append(out, labelled("Image", human_bytes(report.image_bytes), look));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(report.elapsed);
  append(out, labelled("Time", human_duration(seconds), look));
  if (!report.digest.empty()) append(out, labelled("XXH3-128", report.digest, look));
  return out;
}

Elements content(const Flow& flow, Verb verb, const Look& look) {
  const Result<Ending>& ending = *flow.ending;
  if (!ending) return failure(ending.error(), verb, look);
  if (verb == Verb::rescue) return rescue_end(flow, ending->report, look);
  if (ending->evaluation) return evaluation_content(*ending->evaluation, look);
  return success(*ending, look);
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  if (!flow.ending) return filler();
  Elements out;
  if (!flow.kept.empty()) append(out, labelled("Report", "saved on " + printable(flow.kept), look));
  append(out, content(flow, model.verb, look));
  out.push_back(text(""));
  append(out, labelled("Command", printable(command_words(model)), look));
  append(out, state_lines(model, look));
  const int hidden = std::max(0, static_cast<int>(out.size()) - look.rows);
  return scrolled(std::move(out), std::min(flow.scroll, hidden));
}

std::vector<Hint> hints(const Model& model) {
  if (evaluation_of(model))
    return {{"Up/Down PgUp/PgDn", "Scroll"}, {"S", "Save the report"}, {"Enter", "To the start"}};
  return {{"Enter", "To the start"}, {"Up/Down", "Scroll"}};
}

}  // namespace

const Page kDonePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
