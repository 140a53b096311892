#include "tui/menu.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tui/jobs.h"
#include "tui/loop.h"

namespace drydock::tui {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Profile profile_of_environment() {
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (locale.empty()) locale = variable(name);
  return profile_of(variable("TERM"), locale, std::getenv("NO_COLOR") != nullptr);
}

}  // namespace

int run_menu(sys::Machine& machine) {
  const Profile profile = profile_of_environment();
  auto tty = Tty::open(profile);
  if (!tty) {
    std::fputs(("imager: " + tty.error().sentence() + "\n").c_str(), stderr);
    return exit_status(tty.error());
  }
  const auto jobs = real_jobs(machine);
  constexpr int kCancelled = 4;
  return run_loop(*jobs, *tty, profile) ? 0 : kCancelled;
}

}  // namespace drydock::tui
