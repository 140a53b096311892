#include "tui/pages/evaluation.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "job/describe.h"
#include "job/evaluation_report.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;
using evaluate::Verdict;

constexpr int kNames = 38;  // of facts; the graphs' width asks for no more than 80 columns

// A name, and the value beside it, wrapped there.
Elements named(const std::string& name, const std::string& value, int names, const Look& look) {
  Elements out;
  for (const std::string& one : wrap(printable(value), look.columns - names))
    out.push_back(line(left(out.empty() ? name : "", names) + one));
  return out;
}

// The verdict's own words carry it; colour repeats them.
Element title(const job::Evaluation& all, const Look& look) {
  Element words = heading(std::format("Verdict: {}", verdict_title(all.verdict)));
  if (!look.colour || all.verdict == Verdict::good) return words;
  return words | color(all.verdict == Verdict::watch ? Color::YellowLight : Color::RedLight);
}

void reasons(Elements& out, const job::Evaluation& all, const Look& look) {
  if (all.findings.empty() && all.skipped.empty()) return;
  out.push_back(text(""));
  for (const evaluate::Finding& finding : all.findings)
    append(out, named(job::weight_word(finding.weight), finding.text + ".", kLabelWidth, look));
  for (const std::string& why : all.skipped)
    append(out, named("left out", why + ".", kLabelWidth, look));
}

void facts(Elements& out, std::string_view title, const std::vector<job::Fact>& facts,
           const Look& look) {
  if (facts.empty()) return;
  out.push_back(text(""));
  out.push_back(heading(title));
  for (const job::Fact& fact : facts) append(out, named(fact.name, fact.value, kNames, look));
}

// A graph is not wrapped, but for the title above it.
void graph(Elements& out, const std::vector<std::string>& rows, const Look& look) {
  if (rows.empty()) return;
  out.push_back(text(""));
  append(out, lines(rows.front(), look.columns));
  for (std::size_t i = 1; i < rows.size(); ++i) out.push_back(line(cut(rows[i], look.columns)));
}

void places(Elements& out, const std::vector<std::string>& texts, const Look& look) {
  if (!texts.empty()) out.push_back(text(""));
  for (const std::string& one : texts) append(out, lines(printable(one), look.columns));
}

}  // namespace

Elements evaluation_content(const job::Evaluation& all, const Look& look) {
  Elements out{title(all, look)};
  append(out, lines(printable(job::describe_drive(all.path, all.id, all.geometry.bytes)) + ", " +
                        printable(all.path),
                    look.columns));
  out.push_back(text(""));
  append(out, lines(std::format("{}.", verdict_advice(all.verdict)), look.columns));
  if (all.verdict == Verdict::save_now)
    append(out,
           lines("To do that: \"Rescue a failing drive\" on the first page, key F.", look.columns));
  reasons(out, all, look);
  facts(out, "Surface", surface_facts_of(all), look);
  graph(out, surface_graph(all), look);
  places(out, area_lines(all), look);
  places(out, file_lines(all), look);
  facts(out, "Speed", speed_facts_of(all), look);
  graph(out, speed_graph(all), look);
  facts(out, "What the drive says of its health", health_facts_of(all), look);
  facts(out, "Drive", drive_facts_of(all), look);
  out.push_back(text(""));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(all.elapsed);
  append(out, labelled("Took", human_duration(seconds), look));
  return out;
}

}  // namespace drydock::tui
