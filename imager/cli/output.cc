#include "cli/output.h"

#include <format>
#include <iostream>
#include <print>

#include "base/units.h"
#include "cli/json.h"
#include "cli/progress.h"

namespace drydock::cli {
namespace {

void print_lines(std::FILE* out, std::string_view title, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    std::println(out, "{:<11}{}", i == 0 ? title : "", lines[i]);
}

}  // namespace

int report_error(const Error& error) {
  std::println(stderr, "imager: {}", error.sentence());
  return exit_status(error);
}

ProgressMode progress_mode(const std::string& option, bool terminal) {
  if (option == "json") return ProgressMode::json;
  if (option == "bar" || (option.empty() && terminal)) return ProgressMode::bar;
  return ProgressMode::none;
}

std::unique_ptr<job::Observer> make_observer(ProgressMode mode, std::FILE* out) {
  if (mode == ProgressMode::json) return std::make_unique<JsonProgress>(out);
  return std::make_unique<BarProgress>(stderr, mode == ProgressMode::bar);
}

void print_plan(std::FILE* out, const job::Summary& summary) {
  print_lines(out, "Reads", summary.reads);
  print_lines(out, "Keeps", summary.volumes);
  print_lines(out, "Writes", summary.writes);
  if (summary.overwrites)
    std::println(out, "{:<11}{} ({} bytes)", "Overwrites", summary.overwrites->path,
                 summary.overwrites->bytes);
  print_lines(out, "  with", summary.overwritten);
  print_lines(out, "Beware", summary.warnings);
  std::println(out, "{:<11}{} of {}", "Amount", human_bytes(summary.kept_bytes),
               human_bytes(summary.source_bytes));
  if (summary.space_needed != 0)
    std::println(out, "{:<11}about {}{}", "Space", human_bytes(summary.space_needed),
                 summary.space_free == 0
                     ? std::string()
                     : std::format(" of {} that are free", human_bytes(summary.space_free)));
  std::println(out, "{:<11}at most {} with {}", "Memory", human_bytes(summary.memory),
               counted(summary.threads, "thread"));
  std::fflush(out);
}

void print_report(std::FILE* out, ProgressMode mode, const job::Report& report) {
  if (mode == ProgressMode::json)
    std::println(out, "{}", json_of(report));
  else
    for (const std::string& line : report.lines) std::println(out, "{}.", line);
  std::fflush(out);
}

void keep_record(const job::Record& record, bool wanted, sys::Machine& machine,
                 const std::string& image, Person* person) {
  if (!wanted || image == "-") return;
  if (const auto kept = record.keep(machine, image, person); !kept)
    std::println(stderr, "imager: The report could not be kept: {}", kept.error().sentence());
}

Result<Consent> consent_to(const job::Summary& summary, bool yes) {
  const Target& target = *summary.overwrites;
  if (yes) return Consent::by_command_line(target);
  const bool has_serial = !target.id.serial.empty();
  std::print(stderr,
             "Everything on {} will be lost. To overwrite it, type its {}size ({}): ", target.path,
             has_serial ? "serial number or its " : "", vendor_bytes(target.bytes));
  std::string line;
  std::getline(std::cin, line);
  return Consent::typed(target, line);
}

}  // namespace drydock::cli
