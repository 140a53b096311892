#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/job_words.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/pages/rescue_map.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model& model) {
  return std::format("{}: running", verb_word(model.verb));
}

// Esc, which asks whether to stop, is dealt with before.
Effects press(Model&, const Key&) {
  return {};
}

std::string subject(const Model& model) {
  const Flow& flow = model.flow();
  switch (model.verb) {
    case Verb::save:
      return std::format("{} to {}", flow.source, printable(flow.name.text()));
    case Verb::restore:
      return std::format("{} to {}", printable(flow.image), flow.target);
    case Verb::clone:
      return std::format("{} to {}", flow.source, flow.target);
    case Verb::verify:
      return printable(flow.image);
    case Verb::evaluate:
      return flow.source;
    case Verb::rescue:
      return std::format("{} to {}", flow.source, printable(flow.name.text()));
    case Verb::keep_log:
    case Verb::keep_report:
      break;  // no job
  }
  return {};
}

std::string_view phase_words(const Run& run) {
  if (run.phase.empty()) return "starting";
  if (run.phase == "health") return "asking the drive what it says about its health";
  if (run.phase == "surface") return "reading it, to find places that are bad or slow";
  if (run.phase == "speed") return "measuring its speed, which takes less than a minute";
  return run.phase;
}

// What is read of or written to the image beside the disk's own bytes; empty: there is no image.
std::string_view stored_words(Verb verb, const Run& run) {
  if (verb == Verb::clone || verb == Verb::evaluate) return {};
  return verb == Verb::save && run.phase == "save" ? "Written" : "Image read";
}

// Of a phase that is over soon and does not say how far it is.
Elements short_figures(const Model& model, const Look& look) {
  const Run& run = model.flow().run;
  Elements out = labelled("Phase", phase_words(run), look);
  append(out, labelled("Elapsed", human_duration(model.now - run.started), look));
  return out;
}

Elements figures(const Model& model, const Look& look) {
  const Run& run = model.flow().run;
  const job::Progress& progress = run.progress;
  if (model.verb == Verb::evaluate && progress.total == 0) return short_figures(model, look);
  if (run.rescued) return rescue_figures(model, look);
  const double share = progress.total == 0 ? 0
                                           : static_cast<double>(progress.done) /
                                                 static_cast<double>(progress.total);
  Elements out;
  out.push_back(hbox(
      {line(bar(share, look.columns - 6)), line(std::format(" {:3.0f} %", share * 100)) | bold}));
  out.push_back(text(""));
  append(out, labelled("Phase", phase_words(run), look));
  append(out,
         labelled("Done",
                  std::format("{} of {}", human_bytes(progress.done), human_bytes(progress.total)),
                  look));
  append(out, labelled("Rate",
                       human_bytes(static_cast<std::uint64_t>(std::max(0.0, progress.rate))) + "/s",
                       look));
  append(out, labelled("Remaining", remaining_words(progress), look));
  append(out, labelled("Elapsed", human_duration(model.now - run.started), look));
  if (const auto stored = stored_words(model.verb, run); !stored.empty())
    append(out, labelled(stored, human_bytes(progress.stored), look));
  append(out,
         labelled("Unreadable",
                  run.unreadable_areas == 0 ? "nothing"
                                            : std::format("{} in {}", human_bytes(run.unreadable),
                                                          counted(run.unreadable_areas, "area")),
                  look));
  return out;
}

Element view(const Model& model, const Look& look) {
  const Run& run = model.flow().run;
  Elements out = lines(subject(model), look.columns);
  out.push_back(text(""));
  append(out, figures(model, look));
  out.push_back(text(""));
  if (run.stopping)
    append(out, warning("Stopping: waiting for the step that is under way.", look, look.columns));
  const std::string silence = silence_words(model);
  if (!silence.empty()) append(out, warning(silence, look, look.columns));
  const int room = std::max(0, look.rows - static_cast<int>(out.size()));
  Elements notices;
  for (const std::string& one : run.notices) append(notices, lines(one, look.columns));
  const int extra = std::max(0, static_cast<int>(notices.size()) - room);
  notices.erase(notices.begin(), notices.begin() + extra);
  append(out, std::move(notices));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Esc", "Stop"}};
}

}  // namespace

const Page kProgressPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
