#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>

#include "base/stop.h"
#include "cli/cli.h"
#include "sys/machine.h"
#include "tui/menu.h"

namespace {

drydock::Stop stop;

extern "C" void request_stop(int) {
  stop.request();
}

// The first interrupt lets the job end in order; the second one ends the program at once.
void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  // A reader of our standard output that goes away is an error of a write, not a death.
  std::signal(SIGPIPE, SIG_IGN);
}

// SOURCE_DATE_EPOCH, as everywhere, makes the result independent of the clock.
std::string time_now() {
  const char* fixed = std::getenv("SOURCE_DATE_EPOCH");
  const std::time_t now = fixed != nullptr ? std::strtoll(fixed, nullptr, 10) : std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

int main(int argc, char** argv) {
  catch_interrupts();
  const auto machine = drydock::sys::real_machine();
  drydock::cli::Context context{.machine = *machine,
                                .stop = stop,
                                .now = time_now(),
                                .terminal = isatty(STDERR_FILENO) != 0,
                                .menu = [&] { return drydock::tui::run_menu(*machine); }};
  return drydock::cli::run({argv + 1, argv + argc}, context);
}
