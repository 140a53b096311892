#include "tui/job_words.h"

#include <format>

#include "base/text.h"
#include "base/units.h"
#include "job/describe.h"
#include "job/evaluation_report.h"

namespace drydock::tui {
namespace {

constexpr std::size_t kNoticesKept = 50;
constexpr std::chrono::seconds kSilence{10};
constexpr std::chrono::seconds kSpeedTakes{45};  // measuring it, of which nothing is told

std::vector<std::string> told(Run& run, const job::Began& event) {
  run.phase = event.phase;
  run.progress = {};
  run.progress.total = event.total;
  if (event.total == 0) return {event.phase + " began"};
  return {std::format("{} began: {}", event.phase, human_bytes(event.total))};
}

std::vector<std::string> told(Run& run, const job::Progress& event) {
  run.progress = event;
  return {};
}

std::vector<std::string> told(Run& run, const job::Notice& event) {
  run.notices.push_back(printable(event.text));
  if (run.notices.size() > kNoticesKept) run.notices.erase(run.notices.begin());
  return {run.notices.back()};
}

std::vector<std::string> told(Run& run, const job::Unreadable& event) {
  run.unreadable += event.extent.length;
  ++run.unreadable_areas;
  std::string text = std::format("{} at byte {} could not be read",
                                 human_bytes(event.extent.length), event.extent.offset);
  if (!event.volume.empty()) text += ", in " + printable(event.volume);
  run.notices.push_back(text);
  if (run.notices.size() > kNoticesKept) run.notices.erase(run.notices.begin());
  return {text};
}

std::vector<std::string> told(Run& run, const job::Rescued& event) {
  run.rescued = event;
  return {};
}

std::vector<std::string> told(Run&, const job::Ended& event) {
  return {event.phase + " ended"};
}

std::string done_title(Verb verb, const Ending& ending) {
  if (ending.evaluation)
    return std::format("the verdict is \"{}\"", verdict_title(ending.evaluation->verdict));
  if (!ending.damage.empty()) return "the image is damaged";
  const bool gaps = !ending.report.unreadable.empty();
  if (verb == Verb::verify)
    return gaps ? "the image is whole; some areas were unreadable when it was made"
                : "the image is whole";
  return gaps ? "done, but some areas could not be read" : "done";
}

// A path as it would be typed; before it is known, what stands for it.
std::string word(const std::string& path, std::string_view placeholder) {
  return path.empty() ? std::string(placeholder) : job::shell_word(path);
}

// The verdict and its reasons.
std::vector<std::string> evaluation_words(const job::Evaluation& evaluation) {
  std::vector<std::string> words{
      job::describe_drive(evaluation.path, evaluation.id, evaluation.geometry.bytes) + ": " +
      std::string(verdict_advice(evaluation.verdict))};
  for (const evaluate::Finding& finding : evaluation.findings)
    words.push_back(job::weight_word(finding.weight) + ": " + finding.text);
  return words;
}

std::string chosen_file(const Flow& flow) {
  if (flow.mount.empty() || flow.name.empty()) return {};
  const std::string folder = folder_text(flow.folder);
  return flow.mount + "/" + (folder.empty() ? "" : folder + "/") + flow.name.text();
}

}  // namespace

std::string_view verb_word(Verb verb) {
  switch (verb) {
    case Verb::save:
      return "Save";
    case Verb::restore:
      return "Restore";
    case Verb::clone:
      return "Copy";
    case Verb::verify:
      return "Verify";
    case Verb::evaluate:
      return "Evaluate";
    case Verb::rescue:
      return "Rescue";
    case Verb::keep_log:
      return "Log";
    case Verb::keep_report:
      return "Report";
  }
  return "";
}

std::vector<std::string> take_in(Run& run, const job::Event& event) {
  return std::visit([&run](const auto& one) { return told(run, one); }, event);
}

std::string ending_title(Verb verb, const Result<Ending>& ending) {
  if (ending) return done_title(verb, *ending);
  if (ending.error().code == Code::cancelled) return "stopped";
  return "failed";
}

std::vector<std::string> ending_words(Verb verb, const Result<Ending>& ending) {
  std::vector<std::string> words{
      std::format("{}: {}", verb_word(verb), ending_title(verb, ending))};
  if (!ending) {
    words.push_back(ending.error().sentence());
    return words;
  }
  if (ending->evaluation)
    for (std::string& sentence : evaluation_words(*ending->evaluation))
      words.push_back(std::move(sentence));
  for (const std::string& sentence : ending->report.lines) words.push_back(sentence);
  for (const job::Damage& damage : ending->damage) words.push_back(damage.what);
  return words;
}

std::string_view cancel_words(Verb verb) {
  switch (verb) {
    case Verb::save:
      return "What has been written stays on the destination as a file that ends in .part. It is "
             "not an image and cannot be restored. The disk that is being saved is as it was.";
    case Verb::restore:
      return "The disk will then hold a part of the image and remains of what was on it before. "
             "It cannot be used until something has been restored to it completely.";
    case Verb::clone:
      return "The target will then hold a part of the copy and remains of what was on it before. "
             "It "
             "cannot be used until a copy to it has reached its end. The source is as it was.";
    case Verb::verify:
      return "Nothing is changed by that. You will not know whether the image is whole.";
    case Verb::evaluate:
      return "Nothing is changed by that: the drive is only read. What was found out until now is "
             "not kept.";
    case Verb::rescue:
      return "Nothing is lost by that: what was read is in the copy, and its map says how far it "
             "is. "
             "To go on, choose the same drive, place and name again. The drive itself is as it "
             "was.";
    case Verb::keep_log:
    case Verb::keep_report:
      break;  // no job
  }
  return "";
}

std::string silence_words(const Model& model) {
  const auto silent = model.now - model.flow().run.heard;
  if (silent < (model.flow().run.phase == "speed" ? kSpeedTakes : kSilence)) return {};
  return std::format(
      "No progress for {}: a drive may be trying again and again to read or write "
      "one place, or may have stopped answering.",
      human_duration(silent));
}

std::string command_words(const Model& model) {
  const PageId page = model.page();
  if (page == PageId::home) return "imager list";
  if (page == PageId::log || page == PageId::power) return "imager menu";
  const Flow& flow = model.flow();
  if (flow.summary) return flow.summary->command;
  switch (model.verb) {
    case Verb::save:
      return std::format("imager save {} {}", word(flow.source, "DISK"),
                         word(chosen_file(flow), "IMAGE"));
    case Verb::restore:
      return std::format("imager restore {} {}", word(flow.image, "IMAGE"),
                         word(flow.target, "DISK"));
    case Verb::clone:
      return std::format("imager clone {} {}", word(flow.source, "DISK"),
                         word(flow.target, "DISK"));
    case Verb::verify:
      return std::format("imager verify {}", word(flow.image, "IMAGE"));
    case Verb::evaluate:
      return std::format("imager evaluate {}{}", word(flow.source, "DISK"),
                         flow.depth.row == 1 ? " --full" : "");
    case Verb::rescue:
      return std::format("imager rescue {} {}{}", word(flow.source, "DISK"),
                         word(chosen_file(flow), "COPY.img"),
                         flow.used_first ? " --used-first" : "");
    case Verb::keep_report:
      return std::format("imager evaluate {} --report FILE.html",
                         word(evaluation_of(model) ? evaluation_of(model)->path : "", "DISK"));
    case Verb::keep_log:
      break;  // only the menu has a log
  }
  return "imager menu";
}

}  // namespace drydock::tui
