#include <algorithm>
#include <format>
#include <functional>

#include "base/text.h"
#include "base/units.h"
#include "tui/choices.h"
#include "tui/drive_rows.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

constexpr int kMenuWidth = 27;

struct Entry {
  char letter;
  std::string_view name;
  std::string_view what;
  Effects (*choose)(Model&);
};

Effects start_flow(Model& model, Verb verb, PageId first) {
  model.verb = verb;
  go(model, first);
  return {};
}

Effects find_image(Model& model, Verb verb) {
  start_flow(model, verb, PageId::destination);
  return {FindDestinations{wait_for(model, "Looking for volumes"), ""}};
}

Effects find_drive(Model& model, Verb verb) {
  start_flow(model, verb, PageId::source);
  model.flow().drive.row = first_source(model);
  return {};
}

Effects log(Model& model) {
  model.log_scroll = 0;
  go(model, PageId::log);
  return {};
}

Effects ask_power(Model& model, bool off) {
  model.power_off = off;
  go(model, PageId::power);
  return {};
}

constexpr Entry kSave{'s', "Save a disk",
                      "Copies all that is in use on a disk into one image file "
                      "on another drive. The disk is only read.",
                      [](Model& model) { return find_drive(model, Verb::save); }};
constexpr Entry kRestore{'r', "Restore an image",
                         "Puts an image back onto a disk. What is on that "
                         "disk now will be lost; nothing happens before you confirm it.",
                         [](Model& model) { return find_image(model, Verb::restore); }};
constexpr Entry kClone{'d', "Copy disk to disk",
                       "Copies all that is in use on a disk straight to another one, without an "
                       "image in between. What is on that one now will be lost.",
                       [](Model& model) { return find_drive(model, Verb::clone); }};
constexpr Entry kVerify{'v', "Verify an image",
                        "Reads an image from end to end and tells whether "
                        "every byte of it is right.",
                        [](Model& model) { return find_image(model, Verb::verify); }};
constexpr Entry kEvaluate{'e', "Evaluate a drive",
                          "Tells whether a drive can be trusted, and what to do if not. The drive "
                          "is only read.",
                          [](Model& model) { return find_drive(model, Verb::evaluate); }};
constexpr Entry kRescue{'f', "Rescue a failing drive",
                        "Copies what a damaged drive still gives into a file, the good parts "
                        "first. The drive is only read. It can be stopped and continued.",
                        [](Model& model) { return find_drive(model, Verb::rescue); }};
constexpr Entry kLog{'l', "Log", "What has happened since the start.", log};
constexpr Entry kShell{'t', "Terminal (shell)", "A command line. Its end, exit, brings you back.",
                       [](Model&) { return Effects{Shell{}}; }};
constexpr Entry kKeyboard{'k', "Keyboard", "The layout of this computer's keyboard.",
                          [](Model& model) {
                            go(model, PageId::keyboard);
                            return Effects{AskKeyboards{}};
                          }};
constexpr Entry kRestart{'b', "Restart (boot again)", "Ends Drydock and starts the computer anew.",
                         [](Model& model) { return ask_power(model, false); }};
constexpr Entry kOff{'p', "Power off", "Ends Drydock and switches the computer off.",
                     [](Model& model) { return ask_power(model, true); }};
constexpr Entry kQuit{'q', "Quit", "Ends this menu.", [](Model&) { return Effects{Quit{}}; }};

// The live system has nothing behind the menu to quit to; a computer that runs another system is
// not switched off from here.
std::vector<Entry> entries(const Model& model) {
  std::vector<Entry> all{kSave, kRestore, kClone, kVerify, kEvaluate, kRescue, kLog, kShell};
  if (model.live)
    all.insert(all.end(), {kKeyboard, kRestart, kOff});
  else
    all.push_back(kQuit);
  return all;
}

std::string title(const Model&) {
  return "What would you like to do?";
}

Effects press(Model& model, const Key& key) {
  const auto all = entries(model);
  if (key.code == KeyCode::page_down || key.code == KeyCode::page_up) {
    constexpr int kStep = 5;
    const int step = key.code == KeyCode::page_down ? kStep : -kStep;
    model.drives.scroll = std::max(0, model.drives.scroll + step);
    return {};
  }
  if (model.home.move(key, static_cast<int>(all.size()))) return {};
  if (key.code == KeyCode::enter && model.home.row >= 0)
    return all[static_cast<std::size_t>(model.home.row)].choose(model);
  const auto found =
      std::ranges::find_if(all, [&key](const Entry& entry) { return key.letter(entry.letter); });
  if (found == all.end()) return {};
  model.home.row = static_cast<int>(found - all.begin());
  return found->choose(model);
}

Element menu(const Model& model) {
  const auto all = entries(model);
  Elements rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool marked = static_cast<int>(i) == model.home.row;
    const std::string letter(1, static_cast<char>(all[i].letter - 'a' + 'A'));
    // Bold on a reversed row is hard to read on VGA.
    Element row = hbox({text(marked ? "> " : "  "), marked ? text(letter) : text(letter) | bold,
                        text("  " + std::string(all[i].name)), filler()});
    rows.push_back(marked ? row | inverted : row);
  }
  rows.push_back(text(""));
  if (model.home.row >= 0)
    append(rows, lines(all[static_cast<std::size_t>(model.home.row)].what, kMenuWidth - 2));
  return vbox(std::move(rows)) | size(WIDTH, EQUAL, kMenuWidth);
}

// With a blank line between drives, if there is room for that.
Elements drive_list_lines(const std::vector<job::ListedDisk>& drives, int width, int room) {
  Elements close;
  Elements apart;
  for (const job::ListedDisk& drive : drives) {
    if (!apart.empty()) apart.push_back(text(""));
    for (const std::string& one : drive_lines(drive, width)) {
      close.push_back(line(one));
      apart.push_back(line(one));
    }
  }
  return static_cast<int>(apart.size()) <= room ? apart : close;
}

Element drives(const Model& model, const Look& look) {
  const int width = look.columns - kMenuWidth - 3;
  const int room = look.rows - 2;
  Elements rows;
  if (model.drives.problem) {
    append(rows, danger(model.drives.problem->sentence(), look, width));
  } else if (!model.drives.listed) {
    rows.push_back(text("Looking for drives ..."));
  } else if (model.drives.listed->empty()) {
    append(rows, lines("No drive was found. Attach one and it appears here.", width));
  } else {
    rows = drive_list_lines(*model.drives.listed, width, room);
  }
  for (const std::string& sentence : model.drives.advice) {
    rows.push_back(text(""));
    append(rows, lines(printable(sentence), width));
  }
  const int hidden = static_cast<int>(rows.size()) - room;
  return scrolled(std::move(rows), std::min(model.drives.scroll, std::max(0, hidden)));
}

Element view(const Model& model, const Look& look) {
  const std::size_t count = model.drives.listed ? model.drives.listed->size() : 0;
  const std::string name = count == 0 ? "Drives" : counted(count, "drive");
  return hbox({menu(model), text(" "), box(name, drives(model, look)) | flex});
}

std::vector<Hint> hints(const Model& model) {
  std::vector<Hint> keys{{"Enter", "Choose"}, {"Up/Down", "Move"}, {"PgUp/PgDn", "Drives"}};
  if (!model.live) keys.push_back({"Q", "Quit"});
  return keys;
}

}  // namespace

const Page kHomePage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
