#include "job/evaluate.h"

#include <CLI/CLI.hpp>
#include <format>
#include <print>

#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"
#include "job/evaluation_report.h"

namespace drydock::cli {
namespace {

struct EvaluateOptions {
  job::EvaluateRequest request;
  bool quick = false;
  bool json = false;
  std::string progress;
  TerminalPerson person;
};

int evaluate(Context& context, EvaluateOptions options) {
  options.request.person = &options.person;
  // JSON has standard output to itself.
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto observer = make_observer(mode, options.json ? stderr : stdout);
  const auto found = job::evaluate_drive(context.machine, options.request, *observer, context.stop);
  if (!found) return report_error(found.error());
  if (options.json)
    std::println("{}", job::evaluation_json(*found));
  else
    for (const std::string& line : job::evaluation_lines(*found)) std::println("{}", line);
  return found->exit_status();
}

}  // namespace

void add_evaluate(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand(
      "evaluate",
      "Whether a drive can be trusted: its health, surface and speed; nothing is written to it");
  auto options = std::make_shared<EvaluateOptions>();
  verb->add_option("DISK", options->request.path, "A drive, such as /dev/sda")->required();
  auto* quick = verb->add_flag("--quick", options->quick,
                               "Read an even sample, in less than two minutes; the default");
  verb->add_flag("--full", options->request.full, "Read all of the drive")->excludes(quick);
  verb->add_option("--report", options->request.report,
                   "Write a report too: FILE.html, FILE.json or FILE.txt, a path or a URL");
  verb->add_option("--compare", options->request.compare,
                   "A report of the same drive, OLD.json: say what got worse since");
  verb->add_flag("--json", options->json, "Print JSON");
  options->person.add_option(*verb);
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return evaluate(context, *options); };
  });
}

}  // namespace drydock::cli
