#include "job/rescue.h"

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"

namespace drydock::cli {
namespace {

struct RescueOptions {
  job::RescueRequest request;
  bool yes = false;
  std::string progress;
  TerminalPerson person;
};

Result<job::Report> plan_and_run(Context& context, const RescueOptions& options, ProgressMode mode,
                                 job::Observer& observer) {
  auto plan = TRY(job::plan_rescue(context.machine, options.request));
  if (mode != ProgressMode::json) print_plan(stdout, plan.summary());
  if (!plan.summary().overwrites) return job::run(std::move(plan), nullptr, observer, context.stop);
  const Consent consent = TRY(consent_to(plan.summary(), options.yes));
  return job::run(std::move(plan), &consent, observer, context.stop);
}

int rescue(Context& context, RescueOptions options) {
  options.request.person = &options.person;
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto observer = make_observer(mode, stdout);
  const auto report = plan_and_run(context, options, mode, *observer);
  if (!report) return report_error(report.error());
  print_report(stdout, mode, *report);
  return report->exit_status();
}

}  // namespace

void add_rescue(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("rescue", "Copy what a damaged drive still gives");
  auto options = std::make_shared<RescueOptions>();
  job::RescueRequest& request = options->request;
  verb->add_option("SOURCE", request.source, "A damaged drive, a partition of one, or a file")
      ->required();
  verb->add_option("TARGET", request.target,
                   "The raw image to make or to go on with (a file, smb://…, nfs://… or "
                   "volume://…), or a disk")
      ->required();
  verb->add_option("--map", request.map,
                   "The map of the rescue, as GNU ddrescue has it; TARGET.map");
  verb->add_option("--passes", request.retries, "How often bad sectors are tried again; 0")
      ->check(CLI::Range(0, 1000));
  verb->add_flag("--used-first", request.used_first,
                 "First what filesystems use, then all the rest");
  verb->add_flag("--yes", options->yes, "Overwrite a disk without asking");
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  options->person.add_option(*verb);
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return rescue(context, *options); };
  });
}

}  // namespace drydock::cli
