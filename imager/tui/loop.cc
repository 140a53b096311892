#include "tui/loop.h"

#include <csignal>
#include <ctime>
#include <format>

#include "tui/runner.h"
#include "tui/terminal/painter.h"
#include "tui/update.h"
#include "tui/view.h"

namespace drydock::tui {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{1000};
constexpr std::chrono::milliseconds kEscapeTime{80};  // how long the rest of a sequence may take
// Between two drawings that no key asked for: figures that race cannot be read.
constexpr std::chrono::milliseconds kFrame{200};

volatile std::sig_atomic_t g_asked_to_end = 0;

void ask_to_end(int) {
  g_asked_to_end = 1;
}

// While it lives, SIGTERM and SIGHUP end the loop in good order, and a change of the window's size
// interrupts waiting. Handlers, not a signal mask: children would inherit a mask.
class Signals {
 public:
  Signals() {
    set(SIGTERM, ask_to_end, &term_);
    set(SIGHUP, ask_to_end, &hangup_);
    set(SIGWINCH, [](int) {}, &window_);
  }
  ~Signals() {
    sigaction(SIGTERM, &term_, nullptr);
    sigaction(SIGHUP, &hangup_, nullptr);
    sigaction(SIGWINCH, &window_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  static void set(int signal, void (*handler)(int), struct sigaction* before) {
    struct sigaction action{};
    action.sa_handler = handler;
    sigaction(signal, &action, before);
  }

  struct sigaction term_, hangup_, window_;
};

std::string clock_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return std::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

class Loop {
 public:
  Loop(Jobs& jobs, Tty& tty, const Profile& profile)
      : jobs_(jobs), tty_(tty), profile_(profile), painter_(profile), runner_(jobs) {}

  bool run() {
    model_.live = jobs_.live();
    carry_out(begin(model_));
    size_ = tty_.size();
    while (!quit_ && !tty_.gone() && g_asked_to_end == 0) {
      draw_when_due();
      tty_.wait(runner_.wake_fd(), time_to_wait());
      take_keys();
      for (Event& event : runner_.take()) handle(event, false);
      take_tick();
    }
    return quit_;
  }

 private:
  void handle(const Event& event, bool by_key) {
    model_.now = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start_);
    model_.clock = clock_now();
    carry_out(update(model_, event));
    dirty_ = true;
    urgent_ = urgent_ || by_key;
  }

  void carry_out(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (std::holds_alternative<Quit>(effect))
        quit_ = true;
      else if (std::holds_alternative<StopJob>(effect))
        runner_.stop();
      else if (std::holds_alternative<Redraw>(effect))
        redraw();
      else if (std::holds_alternative<Shell>(effect))
        shell();
      else
        runner_.start(effect);
    }
  }

  void redraw() {
    tty_.forget_size();
    painter_.forget();
  }

  // The shell has the terminal and the machine to itself.
  void shell() {
    runner_.drain();
    tty_.release();
    const auto ended = jobs_.shell();
    tty_.take();
    redraw();
    if (!ended) handle(Trouble{ended.error()}, true);
    carry_out({ListDrives{}});
  }

  void take_keys() {
    const std::string bytes = tty_.read();
    if (!bytes.empty()) typed_ = Clock::now();
    std::vector<Key> keys = decoder_.feed(bytes);
    if (decoder_.pending() && Clock::now() - typed_ >= kEscapeTime) {
      const auto late = decoder_.timeout();
      keys.insert(keys.end(), late.begin(), late.end());
    }
    for (const Key& key : keys) handle(key, true);
  }

  void take_tick() {
    if (Clock::now() < next_tick_) return;
    next_tick_ = Clock::now() + kTick;
    handle(Tick{}, false);
  }

  void draw_when_due() {
    const Size size = tty_.size();
    if (size != size_) {
      size_ = size;
      dirty_ = urgent_ = true;
    }
    if (!dirty_ || (!urgent_ && Clock::now() < next_frame_)) return;
    tty_.write(painter_.paint(view(model_, size_.columns, size_.rows, profile_)));
    next_frame_ = Clock::now() + kFrame;
    dirty_ = urgent_ = false;
  }

  std::chrono::milliseconds time_to_wait() const {
    auto until = next_tick_;
    if (dirty_) until = std::min(until, next_frame_);
    if (decoder_.pending()) until = std::min(until, typed_ + kEscapeTime);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    return std::max(left, std::chrono::milliseconds(0)) + std::chrono::milliseconds(1);
  }

  Jobs& jobs_;
  Tty& tty_;
  Profile profile_;
  Painter painter_;
  KeyDecoder decoder_;
  Model model_;
  Size size_;
  bool quit_ = false;
  bool dirty_ = true;
  bool urgent_ = true;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_tick_ = start_;
  Clock::time_point next_frame_ = start_;
  Clock::time_point typed_ = start_;
  Runner runner_;
};

}  // namespace

bool run_loop(Jobs& jobs, Tty& tty, const Profile& profile) {
  const Signals signals;
  return Loop(jobs, tty, profile).run();
}

}  // namespace drydock::tui
