#include "sys/smartctl.h"

#include <cerrno>

#include "base/text.h"
#include "sys/program.h"

namespace drydock::sys {

Result<std::string> smartctl_report(const std::string& device) {
  auto end = run_program({"smartctl", "--json", "--xall", device});
  if (!end && end.error().os == ENOENT)
    return fail(environment_error("smartctl", "is not installed", "Install smartmontools"));
  if (!end) return fail(end.error());
  if (!end->output.empty()) return std::move(end->output);
  constexpr std::size_t kMost = 200;
  const std::string said = shortened(printable(end->errors), kMost);
  return fail(environment_error("smartctl", said.empty() ? "printed nothing" : "said: " + said));
}

}  // namespace drydock::sys
