#include "support/show.h"

#include <unistd.h>

#include <cstdio>
#include <format>
#include <print>
#include <sstream>

namespace drydock::test {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::chrono::seconds kSilence{20};  // a log that is followed should not look dead

std::size_t cells(const std::string& utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string framed(const std::string& screen) {
  std::string bar;
  for (std::size_t i = 0; i < kColumns + 2; ++i) bar += "─";
  std::string out = "┌" + bar + "┐\n";
  std::istringstream rows(screen);
  for (std::string row; std::getline(rows, row);) {
    const std::size_t width = cells(row);
    out += "│ " + row + std::string(width < kColumns ? kColumns - width : 0, ' ') + " │\n";
  }
  return out + "└" + bar + "┘\n";
}

std::string in_seconds(std::chrono::steady_clock::duration time) {
  return std::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

}  // namespace

Show::Show() : terminal_(isatty(STDOUT_FILENO) != 0) {}

void Show::step(std::string_view what) {
  const auto now = Clock::now();
  if (!step_.empty()) print(std::format("  done: {} ({})", step_, in_seconds(now - step_begun_)));
  step_ = what;
  step_begun_ = now;
  if (!step_.empty()) print(std::format("[{:>7}] {}", in_seconds(now - begun_), step_));
}

void Show::detail(std::string_view what) {
  print(std::format("            {}", what));
  if (!terminal_) print_screen();
}

void Show::print_screen() {
  if (!screen_.empty()) std::print("{}", framed(screen_));
  printed_ = Clock::now();
}

void Show::end() {
  step("");
  print(std::format("[{:>7}] the end", in_seconds(Clock::now() - begun_)));
}

void Show::watch(Vm& vm) {
  if (Clock::now() - drawn_ < std::chrono::milliseconds(400)) return;
  drawn_ = Clock::now();
  screen_ = vm.serial().text();
  if (!terminal_ && Clock::now() - printed_ > kSilence) print_screen();
  draw();
}

void Show::forget_screen() {
  erase();
  screen_.clear();
}

void Show::print(const std::string& line) {
  erase();
  std::println("{}", line);
  draw();
}

void Show::draw() {
  if (terminal_ && !screen_.empty()) {
    erase();
    const std::string text = framed(screen_);
    std::print("{}", text);
    for (const char c : text) lines_on_screen_ += c == '\n';
  }
  std::fflush(stdout);
}

void Show::erase() {
  if (lines_on_screen_ > 0) std::print("\x1b[{}F\x1b[J", lines_on_screen_);
  lines_on_screen_ = 0;
}

}  // namespace drydock::test
