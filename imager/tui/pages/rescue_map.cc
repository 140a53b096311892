#include "tui/pages/rescue_map.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "job/rescue_cells.h"
#include "tui/pages/parts.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

// By the states of job/rescue_cells.h. Each is told by its shape; one that is written with a letter
// stays what it is on a terminal that has no others.
std::string_view sign(char state) {
  if (state == '+') return "█";
  if (state == '?') return "░";
  return state == '-' ? "X" : "?";
}

std::string share_words(std::uint64_t part, std::uint64_t all) {
  const double share = all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
  // Not "100 %" while something is missing.
  const double shown = part < all ? std::min(share, 0.9999) : share;
  return std::format("{} of {} ({:.2f} %)", human_bytes(part), human_bytes(all), shown * 100);
}

std::string waiting_words(const job::Rescued& now) {
  if (now.untried == 0 && now.failed == 0) return "nothing";
  std::string words;
  if (now.untried > 0) words = human_bytes(now.untried) + " not tried yet";
  if (now.failed > 0)
    words += (words.empty() ? "" : ", ") + human_bytes(now.failed) + " failed, tried again later";
  return words;
}

}  // namespace

Elements rescue_map(const job::Rescued& rescued, int rows, const Look& look) {
  const auto columns = static_cast<std::size_t>(std::max(1, look.columns));
  const std::string cells =
      job::fewer_cells(rescued.cells, columns * static_cast<std::size_t>(std::max(1, rows)));
  Elements out;
  for (std::size_t from = 0; from < cells.size(); from += columns) {
    std::string row;
    for (const char state : cells.substr(from, columns)) row += sign(state);
    out.push_back(line(row));
  }
  append(out, lines("█ rescued   ░ not tried yet   ? failed, tried again later   X unreadable",
                    look.columns));
  return out;
}

Elements rescue_figures(const Model& model, const Look& look) {
  constexpr int kOther = 16;  // lines that are not the map, with those below it
  const Run& run = model.flow().run;
  const job::Rescued& now = *run.rescued;
  const std::uint64_t all = now.rescued + now.untried + now.failed + now.bad;
  Elements out = rescue_map(now, std::clamp(look.rows - kOther, 1, 12), look);
  out.push_back(text(""));
  append(out, labelled("Now", printable(now.step), look));
  append(out, labelled("Rescued", share_words(now.rescued, all), look));
  append(out, labelled("Waiting", waiting_words(now), look));
  append(out,
         labelled("Unreadable", now.bad == 0 ? "nothing until now" : human_bytes(now.bad), look));
  append(out, labelled("Errors",
                       std::format("{} of {} failed", now.reads_failed, counted(now.reads, "read")),
                       look));
  append(out,
         labelled(
             "Rate",
             std::format("{}/s, at {} of the drive",
                         human_bytes(static_cast<std::uint64_t>(std::max(0.0, run.progress.rate))),
                         human_bytes(now.position)),
             look));
  append(out, labelled("Remaining", remaining_words(run.progress) + ", longer where it is damaged",
                       look));
  append(out, labelled("Elapsed", human_duration(model.now - run.started), look));
  return out;
}

}  // namespace drydock::tui
