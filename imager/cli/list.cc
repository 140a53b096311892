#include <CLI/CLI.hpp>
#include <format>
#include <print>

#include "base/text.h"
#include "base/units.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "cli/volume_line.h"
#include "job/inspect.h"

namespace drydock::cli {
namespace {

std::string disk_line(const job::ListedDisk& listed) {
  const Disk& disk = listed.disk;
  std::string line = std::format("{:<14} {}", disk.path, printable(disk.id.model));
  if (!disk.id.serial.empty()) line += " (" + printable(disk.id.serial) + ")";
  if (!disk.medium_present) return line + ", no medium";
  line += std::format(", {}, {}, sectors {}/{}", vendor_bytes(disk.geometry.bytes), disk.id.bus,
                      disk.geometry.logical_sector, disk.geometry.physical_sector);
  if (listed.condition.celsius) line += std::format(", {} C", *listed.condition.celsius);
  if (disk.removable) line += ", removable";
  if (disk.read_only) line += ", read-only";
  return line;
}

void print_disk(const job::ListedDisk& listed) {
  std::println("{}", disk_line(listed));
  for (const std::string& limit : listed.condition.limits) std::println("    {}", limit);
  if (!listed.problem.empty()) std::println("    {}", listed.problem);
  for (const std::string& note : listed.layout.notes) std::println("    {}", note);
  for (std::size_t i = 0; i < listed.volumes.size(); ++i)
    std::println("    {}", volume_line(listed.layout.partitions[i], listed.volumes[i]));
  for (const std::string& reason : listed.disk.in_use) std::println("    {}", reason);
}

int list(Context& context, bool as_json) {
  const auto listing = job::list(context.machine);
  if (!listing) return report_error(listing.error());
  if (as_json) {
    std::println("{}", json_of(*listing));
    return 0;
  }
  for (const job::ListedDisk& disk : listing->disks) print_disk(disk);
  for (const std::string& sentence : listing->advice) std::println("{}", printable(sentence));
  if (listing->disks.empty()) std::println("This machine has no drives that the kernel knows.");
  return 0;
}

}  // namespace

void add_list(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("list", "Every drive and what is on it");
  auto as_json = std::make_shared<bool>(false);
  verb->add_flag("--json", *as_json, "Print JSON");
  verb->callback([&context, &chosen, as_json] {
    chosen = [&context, as_json] { return list(context, *as_json); };
  });
}

}  // namespace drydock::cli
