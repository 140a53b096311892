#include "cli/progress.h"

#include <algorithm>
#include <format>
#include <print>

#include "base/cases.h"
#include "base/units.h"
#include "cli/json.h"

namespace drydock::cli {
namespace {

constexpr std::size_t kBarWidth = 20;

}  // namespace

std::string bar_line(const std::string& phase, const job::Progress& progress) {
  const double share =
      progress.total == 0
          ? 1.0
          : std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  std::string line = std::format("{:<8}[{}{}] {:3.0f} %  {} of {}", phase, std::string(filled, '#'),
                                 std::string(kBarWidth - filled, ' '), share * 100,
                                 human_bytes(progress.done), human_bytes(progress.total));
  if (progress.rate > 0)
    line += std::format(", {}/s", human_bytes(static_cast<std::uint64_t>(progress.rate)));
  if (progress.remaining.count() >= 0 && progress.done < progress.total)
    line += std::format(", {} left", human_duration(progress.remaining));
  return line;
}

void BarProgress::on(const job::Event& event) {
  std::visit(Cases{[&](const job::Began& began) { phase_ = began.phase; },
                   [&](const job::Progress& progress) { draw(progress); },
                   [&](const job::Notice& notice) {
                     if (bar_) say(notice.text);
                   },
                   [&](const job::Unreadable& bad) {
                     say(std::format("imager: bytes {} to {} cannot be read ({})",
                                     bad.extent.offset, bad.extent.end(), bad.volume));
                   },
                   [](const job::Rescued&) {},
                   [&](const job::Ended&) {
                     if (bar_ && drawn_) std::println(terminal_, "");
                     drawn_ = false;
                   }},
             event);
}

void BarProgress::draw(const job::Progress& progress) {
  if (!bar_) return;
  // Erase what a longer line left behind (ECMA-48 EL).
  std::print(terminal_, "\r{}\x1b[K", bar_line(phase_, progress));
  std::fflush(terminal_);
  drawn_ = true;
}

void BarProgress::clear() {
  if (drawn_) std::print(terminal_, "\r\x1b[K");
  drawn_ = false;
}

void BarProgress::say(const std::string& sentence) {
  clear();
  std::println(terminal_, "{}", sentence);
}

void JsonProgress::on(const job::Event& event) {
  std::println(out_, "{}", json_of(event));
  std::fflush(out_);
}

}  // namespace drydock::cli
