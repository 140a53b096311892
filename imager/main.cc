#include <unistd.h>

#include <csignal>

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
  // A reader that goes away and a limit on the size of files are errors of a write, not a death.
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

}  // namespace

int main(int argc, char** argv) {
  catch_interrupts();
  const auto machine = drydock::sys::real_machine();
  drydock::cli::Context context{
      .machine = *machine, .stop = stop, .terminal = isatty(STDERR_FILENO) != 0, .menu = [&] {
        return drydock::tui::run_menu(*machine);
      }};
  return drydock::cli::run({argv + 1, argv + argc}, context);
}
