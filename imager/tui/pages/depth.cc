#include <algorithm>
#include <chrono>
#include <format>

#include "base/units.h"
#include "tui/choices.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

constexpr int kQuick = 0;
constexpr int kFull = 1;
constexpr int kChoices = 2;

std::string title(const Model&) {
  return "Evaluate: how thoroughly?";
}

Effects press(Model& model, const Key& key) {
  Flow& flow = model.flow();
  if (flow.depth.move(key, kChoices)) return {};
  if (key.letter('q')) flow.depth.row = kQuick;
  if (key.letter('f')) flow.depth.row = kFull;
  if (key.code != KeyCode::enter) return {};
  return start_job(model, RunEvaluate{flow.source, flow.depth.row == kFull});
}

// Rounded, as it rests on a guess: "56 min", "4 hours".
std::string about(std::chrono::seconds time) {
  constexpr long kHour = 60;
  const long minutes = std::max(1L, long{std::chrono::round<std::chrono::minutes>(time).count()});
  if (minutes < 2 * kHour) return std::format("{} min", minutes);
  return std::format("{} hours", (minutes + kHour / 2) / kHour);
}

// How long reading all of it takes at a speed that is usual for its kind, and which that is.
std::string full_time(const Disk& disk) {
  constexpr std::uint64_t kDisk = 150'000'000;
  constexpr std::uint64_t kFlash = 400'000'000;
  const std::uint64_t rate = disk.rotational ? kDisk : kFlash;
  const std::chrono::seconds time(disk.geometry.bytes / rate);
  return std::format("about {} if it reads {} a second, as many {} do", about(time),
                     vendor_bytes(rate), disk.rotational ? "hard disks" : "SSDs");
}

Row row(std::string_view name, const std::string& what, int width) {
  Row made;
  made.lines.emplace_back(name);
  for (const std::string& one : wrap(what, width - 4)) made.lines.push_back("  " + one);
  made.lines.emplace_back();
  return made;
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const Disk disk = disk_at(model, flow.source);
  Elements out = lines(drive_words(disk), look.columns);
  out.push_back(text(""));
  append(out,
         lines("The drive is only read, either way. It is asked about its health, read to find "
               "places that are bad or slow, and its speed is measured.",
               look.columns));
  out.push_back(text(""));
  const std::vector<Row> rows{
      row("Quick",
          "Reads a sample that is spread evenly over the drive. Takes less than two minutes. A "
          "drive that says that it may fail any moment is not read at all.",
          look.columns),
      row("Full",
          std::format("Reads every byte, and so finds every place that cannot be read. Takes {}; a "
                      "drive with bad places takes longer. You can stop it at any time.",
                      full_time(disk)),
          look.columns)};
  out.push_back(choice_list(rows, flow.depth.row, look.columns));
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Enter", "Start"}, {"Up/Down", "Move"}};
}

}  // namespace

const Page kDepthPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
