#include "unit/tui/menu_fixture.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "support/files.h"
#include "tui/update.h"
#include "tui/view.h"

namespace drydock::tui {
namespace {

Key named(std::string_view name) {
  static const std::map<std::string_view, KeyCode> kNames{{"enter", KeyCode::enter},
                                                          {"esc", KeyCode::escape},
                                                          {"tab", KeyCode::tab},
                                                          {"backtab", KeyCode::back_tab},
                                                          {"backspace", KeyCode::backspace},
                                                          {"del", KeyCode::del},
                                                          {"up", KeyCode::up},
                                                          {"down", KeyCode::down},
                                                          {"left", KeyCode::left},
                                                          {"right", KeyCode::right},
                                                          {"home", KeyCode::home},
                                                          {"end", KeyCode::end},
                                                          {"pgup", KeyCode::page_up},
                                                          {"pgdn", KeyCode::page_down}};
  if (const auto found = kNames.find(name); found != kNames.end()) return {found->second};
  if (name == "space") return character(" ");
  if (name.size() == 2 && name[0] == 'f') return function_key(name[1] - '0');
  if (name.size() == 2 && name[0] == '^') return {KeyCode::control, std::string(1, name[1])};
  return character(name);
}

}  // namespace

Menu::Menu(FakeJobs& jobs)
    : executor_(jobs, [this](Event event) { events_.push_back(std::move(event)); }) {
  model.live = jobs.is_live;
  model.clock = "08:15:00";
  take(begin(model));
}

void Menu::press(std::string_view keys) {
  for (const std::string_view name : split(keys, ' ')) {
    ++presses;
    tell(named(name));
  }
}

void Menu::type(std::string_view text) {
  for (const char c : text) tell(character(std::string_view(&c, 1)));
}

void Menu::tick(int seconds) {
  for (int i = 0; i < seconds; ++i) {
    model.now += std::chrono::seconds(1);
    tell(Tick{});
  }
}

void Menu::tell(const Event& event) {
  take(update(model, event));
}

void Menu::take(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (std::holds_alternative<Quit>(effect))
      ++quits;
    else if (std::holds_alternative<Shell>(effect))
      ++shells;
    else if (std::holds_alternative<StopJob>(effect))
      stop.request();
    else
      effects_.push_back(effect);
  }
  if (!held_) settle();
}

void Menu::settle() {
  held_ = false;
  while (!effects_.empty() || !events_.empty()) {
    if (!events_.empty()) {
      const Event event = std::move(events_.front());
      events_.pop_front();
      take(update(model, event));
      continue;
    }
    const Effect effect = std::move(effects_.front());
    effects_.pop_front();
    executor_.execute(effect, stop);
  }
}

std::string Menu::screen(int columns, int rows, const Profile& profile) const {
  const ftxui::Screen drawn = view(model, columns, rows, profile);
  std::string text;
  for (int y = 0; y < rows; ++y) {
    std::string row;
    for (int x = 0; x < columns; ++x) row += drawn.at(x, y);
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

bool Menu::shows(std::string_view text) const {
  constexpr int kRoomy = 132;
  return screen(kRoomy, 60).contains(text);
}

std::string Menu::title() const {
  const std::string all = screen();
  return all.substr(0, all.find('\n'));
}

void check_golden(std::string_view name, const std::string& screen) {
  const auto path = std::filesystem::path("tests/golden/tui") / (std::string(name) + ".txt");
  if (std::getenv("DRYDOCK_UPDATE_GOLDEN") != nullptr) test::write_file(path, screen);
  BOOST_REQUIRE_MESSAGE(std::filesystem::exists(path), path.string() + " is missing");
  BOOST_CHECK_MESSAGE(test::read_file(path) == screen,
                      "not as in " + path.string() + ":\n" + screen);
}

}  // namespace drydock::tui
