#include <algorithm>
#include <cmath>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "job/damaged_files.h"
#include "job/describe.h"
#include "job/evaluation_report.h"
#include "job/text_graph.h"

namespace drydock::job {
namespace {

constexpr std::size_t kColumns = 72;
constexpr std::size_t kRows = 6;
constexpr double kShortestTold = 0.1;  // ms; below it the graph of latencies does not tell apart

std::chrono::nanoseconds slowest_band(const evaluate::Surface& surface) {
  std::chrono::nanoseconds slowest{0};
  for (const evaluate::Band& band : surface.bands) slowest = std::max(slowest, band.slowest);
  return slowest;
}

// With its title above and the drive's length below; nothing where nothing is known.
std::vector<std::string> graph(const std::vector<double>& values, Shown which, std::string title,
                               std::uint64_t bytes) {
  const std::vector<std::string> rows = text_graph(values, which, kColumns, kRows);
  if (rows.empty()) return {};
  std::vector<std::string> lines{std::move(title)};
  for (const std::string& row : rows) lines.push_back("|" + row);
  lines.push_back("+" + std::string(kColumns, '-'));
  lines.push_back(std::format(" 0{:>{}}", vendor_bytes(bytes), kColumns - 1));
  return lines;
}

class Text {
 public:
  explicit Text(const Evaluation& all) : all_(all) {}

  std::vector<std::string> lines() {
    head();
    facts("Drive", drive_facts_of(all_));
    facts("Health", health_facts_of(all_));
    facts("Surface", surface_facts_of(all_));
    block(surface_graph(all_));
    block(area_lines(all_));
    block(file_lines(all_));
    facts("Speed", speed_facts_of(all_));
    block(speed_graph(all_));
    foot();
    return std::move(lines_);
  }

 private:
  void line(std::string text) { lines_.push_back(std::move(text)); }

  void head() {
    line(std::format("{}: {} ({})", verdict_title(all_.verdict),
                     describe_drive(all_.path, all_.id, all_.geometry.bytes), all_.path));
    line(std::format("{}.", verdict_advice(all_.verdict)));
    if (!all_.findings.empty()) line("");
    for (const evaluate::Finding& finding : all_.findings)
      line(std::format("  {:<9} {}.", weight_word(finding.weight), finding.text));
    for (const std::string& why : all_.skipped) line(std::format("  {:<9} {}.", "left out", why));
    since();
  }

  void since() {
    if (!all_.since) return;
    line("");
    line(std::format("Since {}{}", all_.since->time,
                     all_.since->changes.empty() ? " nothing got worse." : ":"));
    for (const std::string& change : all_.since->changes) line("  " + change);
  }

  void facts(const std::string& title, const std::vector<Fact>& facts) {
    if (facts.empty()) return;
    line("");
    line(title);
    for (const Fact& fact : facts) line(std::format("  {:<36} {}", fact.name, fact.value));
  }

  // Set apart, if there is anything.
  void block(const std::vector<std::string>& lines) {
    if (!lines.empty()) line("");
    for (const std::string& one : lines) line("  " + one);
  }

  void foot() {
    line("");
    line(std::format(
        "{}, {}, in {}", all_.time, all_.tool,
        human_duration(std::chrono::duration_cast<std::chrono::seconds>(all_.elapsed))));
  }

  const Evaluation& all_;
  std::vector<std::string> lines_;
};

std::vector<std::string> first_lines(std::vector<std::string> lines, std::uint64_t left_out,
                                     std::string_view what) {
  constexpr std::size_t kMost = 20;
  const std::uint64_t more = left_out + (lines.size() > kMost ? lines.size() - kMost : 0);
  if (lines.size() > kMost) lines.resize(kMost);
  if (more > 0)
    lines.push_back(
        std::format("and {} more; the report as HTML or JSON has them", counted(more, what)));
  return lines;
}

}  // namespace

std::vector<std::string> surface_graph(const Evaluation& evaluation) {
  if (!evaluation.surface) return {};
  std::vector<double> slowest;
  for (const evaluate::Band& band : evaluation.surface->bands) {
    const double ms = std::chrono::duration<double, std::milli>(band.slowest).count();
    const bool read = band.bytes_read + band.bytes_bad > 0;
    slowest.push_back(read ? std::log10(1 + ms / kShortestTold) : -1);
  }
  return graph(
      slowest, Shown::most,
      std::format("Slowest read of a MiB, up to {}; each further step up is several times as slow",
                  milliseconds(slowest_band(*evaluation.surface))),
      evaluation.geometry.bytes);
}

std::vector<std::string> speed_graph(const Evaluation& evaluation) {
  if (!evaluation.speed) return {};
  std::vector<double> rates;
  double fastest = 0;
  for (const evaluate::SpeedPoint& point : evaluation.speed->sequential) {
    rates.push_back(point.bytes_per_second);
    fastest = std::max(fastest, point.bytes_per_second);
  }
  return graph(rates, Shown::least, "Reading in order, up to " + rate_of(fastest),
               evaluation.geometry.bytes);
}

std::vector<std::string> area_lines(const Evaluation& evaluation) {
  std::vector<std::string> lines;
  for (const Area& area : evaluation.areas) lines.push_back(area_line(area));
  return first_lines(std::move(lines), evaluation.areas_left_out, "area");
}

std::vector<std::string> file_lines(const Evaluation& evaluation) {
  std::vector<std::string> lines;
  for (const HitFile& hit : evaluation.files) lines.push_back(describe_damaged(hit.file));
  return first_lines(std::move(lines), evaluation.files_left_out, "file");
}

std::vector<std::string> evaluation_lines(const Evaluation& evaluation) {
  return Text(evaluation).lines();
}

Result<void> check_report_name(const std::string& file) {
  for (const char* end : {".html", ".json", ".txt"})
    if (file.ends_with(end)) return {};
  return fail(bad_input(file, "does not say by its name what kind of report it shall be",
                        "End the name in .html, .json or .txt"));
}

std::string report_text(const Evaluation& evaluation, const std::string& file) {
  if (file.ends_with(".json")) return evaluation_json(evaluation) + "\n";
  if (file.ends_with(".html")) return evaluation_html(evaluation);
  std::string text;
  for (const std::string& line : evaluation_lines(evaluation)) text += line + "\n";
  return text;
}

}  // namespace drydock::job
